"""The demo company: what it is founded with, and a few hundred documents of daily life."""

from b1sim.company.demo.founding import found
from b1sim.company.demo.life import live

__all__ = ["found", "live"]
