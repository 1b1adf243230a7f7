"""Makes the self-signed certificate that a Service Layer usually has."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_VALID = timedelta(days=825)


@dataclass(frozen=True)
class Certificate:
    """A key and its certificate, both in PEM, and the certificate's SHA-256 fingerprint."""

    key: bytes
    certificate: bytes
    fingerprint: str

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Put both into a folder; the key is readable by its owner only."""
        key_file, cert_file = folder / "b1sim.key", folder / "b1sim.crt"
        key_file.touch(mode=0o600)
        key_file.write_bytes(self.key)
        cert_file.write_bytes(self.certificate)
        return key_file, cert_file


def self_signed(host: str = "localhost") -> Certificate:
    """Make a fresh certificate for localhost, 127.0.0.1 and one more host."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = _builder(host, key).sign(key, hashes.SHA256())
    return Certificate(
        key=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        certificate=made.public_bytes(serialization.Encoding.PEM),
        fingerprint=made.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


def _builder(host: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "b1sim")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        # The certificate is its own authority, so that clients can trust it as a CA file.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )


def _names(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ip_address("127.0.0.1")),
    ]
    if host not in {"localhost", "127.0.0.1", "0.0.0.0"}:  # noqa: S104  compared, not bound
        names.append(_name(host))
    return names


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
