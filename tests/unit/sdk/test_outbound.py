"""Where callbacks may go: to hosts that the operator named, and to no inner network."""

import asyncio
import ssl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from b1bridge.errors import Transient
from b1bridge.sdk.outbound import Forbidden, Outbound, destination, is_public, objection

pytestmark = pytest.mark.anyio
HOSTS = ["hooks.example.com"]
NO_HOST = "0.0.0.0"  # noqa: S104  # what Linux takes for this machine
PUBLIC = "93.184.216.34"


class Line(httpx.AsyncBaseTransport):
    """Answers in place of the network, and remembers who was called."""

    def __init__(self, status=204, **headers):
        self.answer = status, headers
        self.requests = []

    async def handle_async_request(self, request):
        self.requests.append(request)
        status, headers = self.answer
        return httpx.Response(status, headers=headers)


def outbound(line, *addresses):
    answers = iter(addresses)

    async def dial():
        return line

    async def resolve(host, port):
        del host, port
        return next(answers)

    return Outbound(resolve=resolve, dial=dial)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com",
        "https://hooks.example.com/",
        "https://hooks.example.com:443/x?y=1&z=%20",
        "HTTPS://Hooks.Example.COM/x",
    ],
)
def test_a_host_that_was_named_may_be_called(url):
    assert objection(url, HOSTS) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com.evil.example/",
        "https://evil.example/hooks.example.com",
        "https://evil.example/?https://hooks.example.com/",
        "https://sub.hooks.example.com/",
        "https://hooks.example.com./",
        "https://hooks.example.com:0/",
        "https://hooks.example.com@evil.example/",
        "https://evil.example@hooks.example.com/",
        "https://evil.example:443@hooks.example.com/",
        "https://evil.example%40hooks.example.com/",
        "https://@hooks.example.com/",
        "https://:@hooks.example.com/",
        "https://hooks.example.com#@evil.example/",
        "https://hooks.example.com/#fragment",
        "https://hooks.example.com\\@evil.example/",
        "https:\\\\hooks.example.com/",
        "https://hooks.example.com /",
        " https://hooks.example.com/",
        "https://hooks.example.com/\r\nX-Forged: 1",
        "https://hooks.example.com/\x00",
        "https://hooks.example.com/\t",
        "https://h\u043e\u043eks.example.com/",  # two Cyrillic letters
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://0.0.0.0/",
        "https://0/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://metadata.google.internal/computeMetadata/v1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://10.0.0.8/",
        "https://[fd00::1]/",
        "https://localhost/",
        "file:///etc/passwd",
        "gopher://hooks.example.com/",
        "ftp://hooks.example.com/",
        "javascript:alert(1)",
        "data:,x",
        "//hooks.example.com/",
        "hooks.example.com",
        "https://",
        "https:///x",
        "https://[::1",
        "https://hooks.example.com:99999/",
        "",
        "https://hooks.example.com/" + "x" * 2000,
    ],
)
def test_whatever_else_a_url_says_is_refused(url):
    assert objection(url, HOSTS)


@given(st.text() | st.text(alphabet="htps:/@[]%.\\#?0x1abc-_ ").map("https://".__add__))
def test_no_text_breaks_the_reading(text):
    assert objection(text, HOSTS)


def test_where_no_host_is_named_nobody_is_called():
    assert "nobody has allowed" in objection("https://hooks.example.com/", [])


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("http://hooks.lan", "http://hooks.lan/x"),
        ("hooks.example.com:8443", "https://hooks.example.com:8443/"),
        ("https://Hooks.example.com", "https://hooks.example.com/"),
        ("127.0.0.1:9000=127.0.0.1/32", "https://127.0.0.1:9000/"),
        ("http://[::1]:9000=::1/128", "http://[::1]:9000/"),
    ],
)
def test_an_operator_may_name_another_port_plain_http_or_an_inner_host(entry, url):
    assert objection(url, [entry]) == ""


@pytest.mark.parametrize(
    "entry",
    ["", "*", "*.example.com", "https://", "a b", "host/path", "user@host", "host:port", "host=",
     "host=10.0.0.1/8", "host=banana", "ftp://host", "host.", "a..b", "x" * 64],
)  # fmt: skip
def test_an_entry_that_could_mean_anything_is_refused(entry):
    with pytest.raises(ValueError, match=r"."):
        destination(entry)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::6810:84e5", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192",
        "168.63.129.16", "192.0.2.1", NO_HOST, "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%2", "fec0::1", "fc00::1", "fd00::1", "fd00:ec2::254",
        "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1",
        "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1",
        "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "100::1", "5f00::1", "4000::1",
    ],
)  # fmt: skip
def test_every_other_address_is_not(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "169.254.169.254", "10.1.2.3", "fd00::1", "::ffff:127.0.0.1", NO_HOST],
)
async def test_a_name_that_leads_inside_is_not_called(address):
    line = Line()

    with pytest.raises(Forbidden, match="no address of the public internet"):
        await outbound(line, [address]).post("https://hooks.example.com/", b"", {}, HOSTS)

    assert line.requests == []


async def test_a_name_that_leads_inside_as_well_is_not_called_at_all():
    line = Line()

    with pytest.raises(Forbidden, match=r"127\.0\.0\.1"):
        await outbound(line, [PUBLIC, "127.0.0.1"]).post(
            "https://hooks.example.com/", b"", {}, HOSTS
        )

    assert line.requests == []


async def test_an_inner_host_is_called_only_within_the_network_that_was_named():
    line = Line()
    calls = outbound(line, ["10.1.2.3"], ["10.1.3.3"])
    hosts = ["hooks.lan=10.1.2.0/24"]

    assert await calls.post("https://hooks.lan/", b"", {}, hosts) == 204
    with pytest.raises(Forbidden, match=r"10\.1\.3\.3"):
        await calls.post("https://hooks.lan/", b"", {}, hosts)
    assert len(line.requests) == 1


async def test_the_address_that_was_checked_is_the_one_that_is_called():
    line = Line()
    calls = outbound(line, [PUBLIC], ["127.0.0.1"])  # the name changes its mind

    assert await calls.post("https://hooks.example.com:443/x?y", b"{}", {"A": "b"}, HOSTS) == 204

    (request,) = line.requests
    assert request.url.host == PUBLIC
    assert request.url.raw_path == b"/x?y"
    assert request.headers["Host"] == "hooks.example.com"
    assert request.headers["A"] == "b"
    assert request.extensions["sni_hostname"] == "hooks.example.com"
    assert request.content == b"{}"


async def test_a_redirect_is_an_answer_like_any_other():
    line = Line(302, Location="http://127.0.0.1:9000/")

    assert await outbound(line, [PUBLIC]).post("https://hooks.example.com/", b"", {}, HOSTS) == 302
    assert len(line.requests) == 1


async def test_a_host_that_cannot_be_reached_is_tried_again_later():
    async def nowhere(host, port):
        del host, port
        raise OSError(-2, "Name or service not known")

    with pytest.raises(Transient, match=r"hooks\.example\.com did not answer"):
        await Outbound(resolve=nowhere).post("https://hooks.example.com/", b"", {}, HOSTS)
    with pytest.raises(Transient, match="no address"):
        await outbound(Line(), []).post("https://hooks.example.com/", b"", {}, HOSTS)


async def test_a_receiver_who_never_answers_is_not_waited_for_without_end(monkeypatch):
    monkeypatch.setattr("b1bridge.sdk.outbound._ALL_SECONDS", 0.02)

    class Silent(Line):
        async def handle_async_request(self, request):
            await asyncio.sleep(10)
            return await super().handle_async_request(request)

    with pytest.raises(Transient, match="did not answer: TimeoutError"):
        await outbound(Silent(), [PUBLIC]).post("https://hooks.example.com/", b"", {}, HOSTS)


@pytest.fixture
async def receiver(self_signed):
    """Serve one HTTPS host on this machine, its certificate made out to 127.0.0.1 only."""
    seen = []

    async def answer(reader, writer):
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=self_signed.context) as there:
        yield there.sockets[0].getsockname()[1], seen


def trusting(pem):
    async def dial():
        return httpx.AsyncHTTPTransport(verify=ssl.create_default_context(cafile=pem))

    return dial


async def this_machine(host, port):
    del host, port
    return ["127.0.0.1"]


async def test_over_the_wire_the_certificate_must_name_the_host(receiver, self_signed):
    port, seen = receiver
    calls = Outbound(resolve=this_machine, dial=trusting(self_signed.pem))
    other = f"hooks.example.com:{port}"

    assert (
        await calls.post(f"https://127.0.0.1:{port}/x", b"", {}, [f"127.0.0.1:{port}=127.0.0.1/32"])
        == 204
    )
    with pytest.raises(Transient, match="certificate"):
        await calls.post(f"https://{other}/x", b"", {}, [f"{other}=127.0.0.1/32"])

    await calls.aclose()
    assert len(seen) == 1
    assert f"Host: 127.0.0.1:{port}".encode() in seen[0]


async def test_no_proxy_of_the_environment_stands_between(receiver, self_signed, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    port, _ = receiver
    calls = Outbound(resolve=this_machine, dial=trusting(self_signed.pem))
    hosts = [f"127.0.0.1:{port}=127.0.0.1/32"]

    assert await calls.post(f"https://127.0.0.1:{port}/x", b"", {}, hosts) == 204
    await calls.aclose()


async def test_an_address_where_nobody_listens_is_passed_over(receiver, self_signed):
    port, seen = receiver
    entry = f"127.0.0.1:{port}=127.0.0.0/8"

    async def several(host, port):
        del host, port
        return ["127.0.0.9", "127.0.0.1"]

    calls = Outbound(resolve=several, dial=trusting(self_signed.pem))
    assert await calls.post(f"https://127.0.0.1:{port}/", b"", {}, [entry]) == 204
    await calls.aclose()
    assert len(seen) == 1
