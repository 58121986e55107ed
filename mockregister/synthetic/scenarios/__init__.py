"""All courses of disease, one module each; add a new one to this list."""

from __future__ import annotations

from mockregister.synthetic.scenarios import (
    abortion,
    absence,
    birth,
    cancer,
    corrections,
    dead_on_arrival,
    diagnosis_report,
    faroese,
    hearing,
    hip_fracture,
    injury,
    outpatient,
    private_hospital,
    psychiatry,
    referral_chain,
    unknown_residence,
)
from mockregister.synthetic.stage import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    injury.SCENARIO,
    outpatient.SCENARIO,
    cancer.SCENARIO,
    birth.SCENARIO,
    abortion.SCENARIO,
    *psychiatry.SCENARIOS,
    hip_fracture.SCENARIO,
    hearing.SCENARIO,
    absence.SCENARIO,
    dead_on_arrival.SCENARIO,
    diagnosis_report.SCENARIO,
    private_hospital.SCENARIO,
    faroese.SCENARIO,
    unknown_residence.SCENARIO,
    referral_chain.SCENARIO,
    corrections.SCENARIO,
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
