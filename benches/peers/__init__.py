"""The simulators that stand side by side: one file each, one line here."""

from benches.peers.ciw_network import CiwNetwork
from benches.peers.numba_recursion import NumbaRecursion
from benches.peers.ours import Drawn, InMemory
from benches.peers.peer import Peer
from benches.peers.simpy_processes import SimpyProcesses

PEERS: tuple[Peer, ...] = (InMemory(), Drawn(), NumbaRecursion(), SimpyProcesses(), CiwNetwork())
