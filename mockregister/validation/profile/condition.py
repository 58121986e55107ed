"""Conditions (diagnoser), main and minor, with kind, metastases and recurrences of cancer."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKMainConditionObservation 1.2.208.176.7.1.10.45 2018-01-03 anywhere -> Condition
  "The main condition of an encounter (aktionsdiagnose)."
  observation @classCode=OBS @moodCode=EVN @negationInd?:bl
    templateId 1.2.208.176.7.1.10.45
    include DKConditionObservationBody

DKMinorConditionObservation 1.2.208.176.7.1.10.46 2018-01-03 anywhere -> Condition
  "A further condition of an encounter (bidiagnose)."
  observation @classCode=OBS @moodCode=EVN @negationInd?:bl
    templateId 1.2.208.176.7.1.10.46
    include DKConditionObservationBody

DKConditionObservationBody 1.2.208.176.7.1.10.36 2018-02-08 -> Condition
  "What both kinds of condition have: codes, side, kind, metastases, recurrences, and the encounter."
  templateId 1.2.208.176.7.1.10.36 2.16.840.1.113883.10.12.303
  id 1..1 M II entry-of-set
  code 1..1 M CD sks
  targetSiteCode 0..1 R CD sks-without-name
  entryRelationship 0..* R @typeCode=COMP contains DKCancerRecurrenceObservation
  entryRelationship 0..* R @typeCode=COMP contains DKMetastasisObservation
  entryRelationship 1..1 M @typeCode=COMP contains DKConditionKindObservation
  entryRelationship 0..* R @typeCode=COMP contains DKSupplementaryCodeAct
  choice 1..1
    entryRelationship 0..1 @typeCode=REFR contains DKInternalEncounterReference
    reference 0..1 @typeCode=REFR contains DKExternalEncounterAct
  reference 0..1 @typeCode=RPLC check id-of-replaced contains DKExternalConditionObservation unchecked

DKMetastasisObservation 1.2.208.176.7.1.10.37 2017-03-01 anywhere -> Condition
  "A metastasis of a cancer (metastase)."
  observation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.37 2.16.840.1.113883.10.12.303
    code 1..1 M CD sks

DKCancerRecurrenceObservation 1.2.208.176.7.1.10.40 2017-12-22 anywhere -> Condition
  "A recurrence of a cancer (lokalrecidiv)."
  observation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.40 2.16.840.1.113883.10.12.303
    code 1..1 M CD sks

DKConditionKindObservation 1.2.208.176.7.1.10.43 2017-12-22 anywhere -> Condition
  "What kind of condition it is (diagnoseart)."
  observation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.43 2.16.840.1.113883.10.12.303
    code 1..1 M CD sks
""")
