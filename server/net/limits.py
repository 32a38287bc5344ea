"""Connection limits: totals, and how many connections each address may open and leave unfinished.

Synchronous, without a clock of its own: the ledger has one. It must not know sockets. Invariants:
every `admit` or `reassign` that returned no refusal is matched by one `release`; the oldest
connection without a whole request head is closed first, so that a newcomer is never turned
away because of silent connections.
"""

from collections.abc import Callable
from enum import Enum

from attrs import define, field, frozen

from server.budget.costs import UNFINISHED_HEADS
from server.budget.ledger import Ledger, Source
from server.net.addresses import Networks, is_in, networks, site
from server.net.settings import NetSettings


class Refused(Enum):
    """Why a connection was refused, with the HTTP status that says so."""

    TOTAL = (503, "the server is full")
    ADDRESS_COUNT = (429, "too many connections from your address")
    ADDRESS_RATE = (429, "too many new connections from your address")
    ADDRESS_WORK = (429, "your address asks for more than this server allows one address")

    @property
    def status(self) -> int:
        """503 for a limit of the whole server, 429 for one of this address."""
        return self.value[0]

    @property
    def reason(self) -> str:
        """A sentence for the person at the other end."""
        return self.value[1]


@define(eq=False)
class ConnectionPermit:
    """Permits one connection, until `release`. `source` is None for an address without limits."""

    source: Source | None
    end: Callable[[], None]  # called when it has to make room for others


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
    ledger: Ledger
    _unlimited: Networks = field(init=False)
    _proxies: Networks = field(init=False)
    _connection_count: int = field(default=0, init=False)
    # Connections without a whole request head, the oldest first.
    _unfinished: dict[ConnectionPermit, None] = field(factory=dict, init=False)

    @_unlimited.default
    def _exempt_networks(self) -> Networks:
        return networks(self._settings.unlimited_addresses)

    @_proxies.default
    def _known_proxies(self) -> Networks:
        # A proxy's address carries many people: each is limited once the proxy names their address.
        return networks(self._settings.trusted_proxies)

    def reload(self, settings: NetSettings) -> None:
        """Put new limits in force. Open connections stay, even above them."""
        self._settings = settings
        self._unlimited, self._proxies = self._exempt_networks(), self._known_proxies()

    def admit(self, address: str, end: Callable[[], None]) -> ConnectionPermit | Refused:
        """Count a new connection as open and unfinished, or return why it is refused."""
        if self._connection_count >= self._settings.connections_max:
            return Refused.TOTAL
        source = None if is_in(address, self._proxies) else self._source(address)
        if isinstance(source, Refused):
            return source
        self._connection_count += 1
        permit = ConnectionPermit(source, end)
        self._make_room(source)
        self._unfinished[permit] = None
        if source is not None:
            source.held[UNFINISHED_HEADS.name] += 1
        return permit

    def reassign(self, permit: ConnectionPermit, address: str, *, is_new: bool) -> Refused | None:
        """Count the connection towards the address that a proxy named for its newest request.
        `is_new` is for its first request only: later ones open no connection.
        """
        source = self._source(address, is_new=is_new)
        if isinstance(source, Refused):
            return source
        self.finish_head(permit)
        self._leave(permit.source)
        permit.source = source
        return None

    def finish_head(self, permit: ConnectionPermit) -> None:
        """Note that a request head is whole, or that its connection ended first; idempotent."""
        if permit in self._unfinished:
            del self._unfinished[permit]
            if permit.source is not None:
                permit.source.held[UNFINISHED_HEADS.name] -= 1

    def release(self, permit: ConnectionPermit) -> None:
        """Stop counting a connection that has ended."""
        self.finish_head(permit)
        self._leave(permit.source)
        self._connection_count -= 1

    def statistics(self) -> LimitsStatistics:
        """Return the current counts."""
        return LimitsStatistics(self._connection_count, len(self._unfinished), len(self.ledger))

    def _source(self, address: str, *, is_new: bool = True) -> Source | Refused | None:
        """Count a connection towards its address; None for an address without limits."""
        if is_in(address, self._unlimited):
            return None
        ledger = self.ledger
        source, now_s = ledger.source(site(address)), ledger.clock()
        if source is None:
            return Refused.TOTAL
        if source.connection_count >= self._settings.connections_per_address_max:
            return Refused.ADDRESS_COUNT
        if source.work.level(now_s) <= 0:
            return Refused.ADDRESS_WORK
        if is_new and not source.arrivals.take(now_s):
            return Refused.ADDRESS_RATE
        source.connection_count += 1
        return source

    def _leave(self, source: Source | None) -> None:
        if source is not None:
            source.connection_count -= 1

    def _make_room(self, source: Source | None) -> None:
        """End the oldest unfinished connection of this address, or of all, if a limit is met."""
        victim = None
        quota = self.ledger.settings.unfinished_heads_per_address
        if source is not None and source.held[UNFINISHED_HEADS.name] >= quota:
            victim = next(each for each in self._unfinished if each.source is source)
        elif len(self._unfinished) >= self._settings.handshakes_max:
            victim = next(iter(self._unfinished))
        if victim is not None:
            self.ledger.refused[UNFINISHED_HEADS.name] += 1
            self.finish_head(victim)
            victim.end()
