"""A contender that cannot be installed is reported in a row, and the rest are measured."""

from bench.availability import prepared
from bench.contender_floor import Floor
from hatch_build import BuildError


class Missing(Floor):
    name = "missing"

    def prepare(self):
        raise BuildError("npm has no Bun for this machine")


def test_the_reason_of_one_stops_no_other():
    here = Floor()
    ready, reasons = prepared([Missing(), here])
    assert ready == [here]
    assert reasons == {"missing": "could not be installed: npm has no Bun for this machine"}
