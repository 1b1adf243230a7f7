"""Requests to addresses that clients chose: only where the operator allows, and to no back door.

What is connected to is the very address that was checked, so a name that resolves differently
a moment later (DNS rebinding) leads nowhere. Redirects are not followed.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import httpx

from b1bridge.errors import NeedsOperator, Transient
from b1bridge.sdk.http import Dial, open_client

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_Network = IPv4Network | IPv6Network
_PORTS = {"https": 443, "http": 80}
_ENTRY = re.compile(
    r"(?P<scheme>https?://)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63})"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:=(?P<network>[0-9A-Fa-f:./]+))?"
)
_ODD = re.compile(r"[^!-~]|\\")
_USER = re.compile(r"[^/?#]*//[^/?#]*@")
_LONGEST_URL = 2000
_CONNECT_SECONDS, _ALL_SECONDS = 5.0, 20.0
_UNICAST = ip_network("2000::/3")
_NEVER = (
    ip_network("192.0.0.0/24"),  # IETF's own (RFC 6890); Oracle keeps its metadata there
    ip_network("168.63.129.16/32"),  # Azure's agent, reachable from every machine there
)


class Forbidden(NeedsOperator):
    """An address where the operator has not allowed us to go."""

    reason = "CALLBACK_FAILED"


@dataclass(frozen=True, slots=True)
class Destination:
    """A host that may be called; private addresses only within `network`."""

    scheme: str
    host: str
    port: int
    network: _Network | None = None


def destination(entry: str) -> Destination:
    """Read `host`, `host:8443`, `http://host` or `host=10.1.2.0/24`; ValueError says what is wrong.

    Plain http is spoken only with a host that was entered so.
    """
    found = _ENTRY.fullmatch(entry)
    if found is None:
        msg = f"'{entry}' is not host, host:port, http://host or host=network"
        raise ValueError(msg)
    scheme = (found["scheme"] or "https://").removesuffix("://")
    host = found["host"].strip("[]").lower()
    network = ip_network(found["network"]) if found["network"] else None
    return Destination(scheme, host, int(found["port"] or _PORTS[scheme]), network)


def objection(url: str, hosts: Sequence[str]) -> str:
    """Say why a URL may not be called, as far as its text tells; nothing when it may."""
    try:
        _allowed(url, hosts)
    except Forbidden as error:
        return str(error)
    return ""


def is_public(address: str) -> bool:
    """Tell whether an address is of the public internet, and of nobody's inner network."""
    ip = _plain(address)
    if any(ip in network for network in _NEVER):
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not (ip.is_multicast or ip.is_reserved)
    # 6to4 and Teredo carry an IPv4 address inside; NAT64 (64:ff9b::/96) is no 2000::/3.
    hides_another = ip.sixtofour is not None or ip.teredo is not None
    return ip in _UNICAST and ip.is_global and not hides_another


async def addresses_of(host: str, port: int) -> Sequence[str]:
    """Ask the resolver of this machine."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def _dial() -> httpx.AsyncBaseTransport:
    # A line kept open would be found again by its address, whatever name it was opened for.
    return httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))


class Outbound:
    """Posts to allowed addresses."""

    def __init__(self, *, resolve: Resolve = addresses_of, dial: Dial = _dial) -> None:
        self._resolve = resolve
        self._http = open_client("", connect=_CONNECT_SECONDS, read=_ALL_SECONDS, dial=dial)

    async def aclose(self) -> None:
        """Close what is open."""
        await self._http.aclose()

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], hosts: Sequence[str]
    ) -> int:
        """Post and return the status of the answer; its body is not read.

        Raises Forbidden before anything is sent, and Transient when no answer comes.
        """
        target, there = _allowed(url, hosts)
        try:
            async with asyncio.timeout(_ALL_SECONDS):
                addresses = await self._checked(there)
                return await self._first(target, there, addresses, body, headers)
        except (httpx.RequestError, OSError, TimeoutError) as error:
            how = str(error) or type(error).__name__
            msg = f"{there.host} did not answer: {how}"
            raise Transient(msg, system=there.host) from error

    async def _checked(self, there: Destination) -> Sequence[str]:
        addresses = await self._resolve(there.host, there.port)
        if not addresses:
            msg = "the name has no address"
            raise OSError(msg)
        for address in addresses:
            if not (is_public(address) or _within(address, there.network)):
                msg = f"{there.host} leads to {address}, which is no address of the public internet"
                fix = (
                    f"where that is meant, enter {there.host}=NETWORK in the connection's "
                    "`callback_hosts`"
                )
                raise Forbidden(msg, fix=fix)
        return addresses

    async def _first(
        self,
        target: httpx.URL,
        there: Destination,
        addresses: Sequence[str],
        body: bytes,
        headers: Mapping[str, str],
    ) -> int:
        *others, last = addresses
        for address in others:
            try:
                return await self._send(target, there, address, body, headers)
            except httpx.ConnectError:
                continue  # a machine without IPv6 still gets IPv6 addresses from its resolver
        return await self._send(target, there, last, body, headers)

    async def _send(
        self,
        target: httpx.URL,
        there: Destination,
        address: str,
        body: bytes,
        headers: Mapping[str, str],
    ) -> int:
        request = self._http.build_request(
            "POST",
            target.copy_with(host=address),
            content=body,
            headers={**headers, "Host": target.netloc.decode()},
            extensions={"sni_hostname": there.host},
        )
        response = await self._http.send(request, stream=True, follow_redirects=False)
        await response.aclose()
        return response.status_code


def _allowed(url: str, hosts: Sequence[str]) -> tuple[httpx.URL, Destination]:
    target = _parsed(url)
    port = _PORTS[target.scheme] if target.port is None else target.port
    host = target.raw_host.decode().lower()
    for entry in hosts:
        there = destination(entry)
        if (there.scheme, there.host, there.port) == (target.scheme, host, port):
            return target, there
    msg = f"nobody has allowed callbacks to {target.scheme}://{host}:{port}"
    raise Forbidden(msg, fix="enter the host in the connection's `callback_hosts`")


def _parsed(url: str) -> httpx.URL:
    target = None if _is_odd(url) else _read(url)
    if target is None or target.scheme not in _PORTS or not target.host:
        wrong = "it is too long, or does not read https://host/path in plain characters"
    elif _USER.match(url):
        wrong = "it names a user; the signature tells who is calling"
    elif target.fragment:
        wrong = "it has a fragment (#), which is never sent"
    else:
        return target
    msg = f"this is no URL for callbacks: {wrong}"
    raise Forbidden(msg, fix="give a plain https:// URL")


def _is_odd(url: str) -> bool:
    # Programs disagree about what a backslash or a space in a URL means, so it means nothing.
    return len(url) > _LONGEST_URL or not url.isascii() or bool(_ODD.search(url))


def _read(url: str) -> httpx.URL | None:
    try:
        return httpx.URL(url)
    except httpx.InvalidURL:
        return None


def _within(address: str, network: _Network | None) -> bool:
    return network is not None and _plain(address) in network


def _plain(address: str) -> IPv4Address | IPv6Address:
    """Read an address; ::ffff:127.0.0.1 is 127.0.0.1."""
    ip = ip_address(address)
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip
