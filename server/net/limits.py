"""Who may connect: totals, counts and rates per address, and a budget for unfinished handshakes.

Synchronous, without a clock of its own: callers pass the time. It must not know sockets.
Invariants: every `admit` or `reveal` that returned None is matched by one `release`; the table of
addresses is bounded.
"""

from enum import Enum

from attrs import define, field, frozen

from server.net.addresses import Networks, is_in, networks, site
from server.net.settings import NetSettings


class Refused(Enum):
    """Why a connection was refused, with the HTTP status that says so."""

    TOTAL = (503, "the server is full")
    HANDSHAKES = (503, "too many connections are being opened")
    ADDRESS_COUNT = (429, "too many connections from your address")
    ADDRESS_RATE = (429, "too many new connections from your address")

    @property
    def status(self) -> int:
        """503 when it is about everybody, 429 when it is about this address."""
        return self.value[0]

    @property
    def reason(self) -> str:
        """A sentence for the person at the other end."""
        return self.value[1]


@define
class _Address:
    """One address: its open connections, and a token bucket for new ones."""

    tokens: float
    updated_s: float
    connection_count: int = 0


@frozen
class LimitsStatistics:
    """How much of the limits is used now."""

    connections: int
    handshakes: int
    addresses: int


@define
class Limits:
    """The counts behind one front."""

    _settings: NetSettings
    _unlimited: Networks = field(init=False)
    _by_site: dict[str, _Address] = field(factory=dict, init=False)
    _connection_count: int = field(default=0, init=False)
    _handshake_count: int = field(default=0, init=False)

    @_unlimited.default
    def _exempt_networks(self) -> Networks:
        # A proxy's own address carries many people: those are limited once they are known.
        return networks((*self._settings.unlimited_addresses, *self._settings.trusted_proxies))

    def admit(self, address: str, now_s: float) -> Refused | None:
        """A new connection; None lets it in, and counts it as a handshake under way."""
        if self._connection_count >= self._settings.connections_max:
            return Refused.TOTAL
        if self._handshake_count >= self._settings.handshakes_max:
            return Refused.HANDSHAKES
        if refused := self.reveal(address, now_s):
            return refused
        self._connection_count += 1
        self._handshake_count += 1
        return None

    def reveal(self, address: str, now_s: float) -> Refused | None:
        """Count a connection towards an address, also the one a proxy names afterwards."""
        if is_in(address, self._unlimited):
            return None
        entry = self._entry(site(address), now_s)
        if entry is None:
            return Refused.TOTAL
        if entry.connection_count >= self._settings.connections_per_address_max:
            return Refused.ADDRESS_COUNT
        if entry.tokens < 1:
            return Refused.ADDRESS_RATE
        entry.tokens -= 1
        entry.connection_count += 1
        return None

    def finish_handshake(self) -> None:
        """The connection sent its first head, or ended without one; once per admitted one."""
        self._handshake_count -= 1
        assert self._handshake_count >= 0, "more handshakes finished than begun"

    def release(self, address: str, revealed: str | None = None) -> None:
        """The connection of `address` ended, and of the address revealed behind it, if any."""
        self._connection_count -= 1
        assert self._connection_count >= 0, "more connections released than admitted"
        for known in (address, revealed):
            if known is not None and not is_in(known, self._unlimited):
                self._by_site[site(known)].connection_count -= 1

    def statistics(self) -> LimitsStatistics:
        """Counts of this moment."""
        return LimitsStatistics(self._connection_count, self._handshake_count, len(self._by_site))

    def _entry(self, key: str, now_s: float) -> _Address | None:
        """The address with its bucket filled up to now; None when the table is full."""
        burst = self._settings.connections_per_address_burst
        entry = self._by_site.get(key)
        if entry is None:
            if len(self._by_site) >= self._settings.addresses_max:
                self._forget_idle(now_s)
            if len(self._by_site) >= self._settings.addresses_max:
                return None
            entry = self._by_site[key] = _Address(burst, now_s)
        self._refill(entry, now_s)
        return entry

    def _refill(self, entry: _Address, now_s: float) -> None:
        gained = (now_s - entry.updated_s) * self._settings.connections_per_address_per_s
        entry.tokens = min(self._settings.connections_per_address_burst, entry.tokens + gained)
        entry.updated_s = now_s

    def _forget_idle(self, now_s: float) -> None:
        """Drop the addresses whose entry says no more than a new one would."""
        burst = self._settings.connections_per_address_burst
        for key, entry in list(self._by_site.items()):
            self._refill(entry, now_s)
            if entry.connection_count == 0 and entry.tokens >= burst:
                del self._by_site[key]
