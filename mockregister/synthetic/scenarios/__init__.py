"""The courses of disease there are, one module each; a new one is added to this list."""

from __future__ import annotations

from mockregister.synthetic.scenarios import birth, injury, outpatient
from mockregister.synthetic.stage import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    injury.SCENARIO,
    outpatient.SCENARIO,
    birth.SCENARIO,
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
