"""Encounters (kontakter) with stays, reason, start of treatment, and payment."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKEncounter 1.2.208.176.7.1.10.74 2018-01-04 anywhere -> Encounter
  "An encounter (kontakt): its period, unit, stays, payment, and the episode of care it belongs to."
  encounter @classCode=ENC @moodCode=EVN
    templateId 1.2.208.176.7.1.10.74 2.16.840.1.113883.10.12.302
    id 1..1 R II entry-of-set
    code 1..1 M CD sks
    effectiveTime 1..1 M IVL_TS
      low 1..1 M IVXB_TS include DKMedcomTimestampBody
      high 0..1 R IVXB_TS include DKMedcomTimestampBody
    priorityCode 1..1 M CE sks
    participant 1..1 M include DKResponsibleUnitParticipantBody
    participant 0..* R include DKEncounterServiceDeliveryLocationParticipantBody
    entryRelationship 1..* M @typeCode=REFR contains DKPaymentContractAct
    entryRelationship 0..1 R @typeCode=RSON contains DKEncounterReasonAct
    entryRelationship 0..1 R @typeCode=RSON contains DKReferralAct
    entryRelationship 0..1 R @typeCode=COMP contains DKTreatmentStartRegistrationAct
    choice 1..1
      entryRelationship 0..1 @typeCode=REFR contains DKInternalEpisodeOfCareReference
      reference 0..1 include DKExternalEpisodeOfCareReferenceBody
    reference 0..1 include DKExternalEncounterReplacementReferenceBody check id-of-replaced

DKEncounterServiceDeliveryLocationParticipantBody 1.2.208.176.7.1.10.50 2018-01-04 -> Stay
  "Where the patient was during an encounter (opholdsadresse): absent (.22.3), or at a unit (.22.4)."
  @typeCode=LOC
  templateId 1.2.208.176.7.1.10.50 2.16.840.1.113883.10.12.321
  time 1..1 M IVL_TS
    low 1..1 M IVXB_TS include DKMedcomTimestampBody
    high 0..1 R IVXB_TS include DKMedcomTimestampBody
  choice 1..1
    participantRole 0..1 @classCode=SDLOC
      templateId 1.2.208.176.7.1.22.3
      code 1..1 M CE sks
      scopingEntity 1..1 R @nullFlavor=NI
    participantRole 0..1 R @classCode=SDLOC
      templateId 1.2.208.176.7.1.22.4
      scopingEntity 1..1 M @classCode=ORG
        id 1..1 M II sor

DKEncounterReasonAct 1.2.208.176.7.1.10.48 2017-03-01 anywhere -> Encounter
  "Why the encounter came about (kontaktårsag)."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.48 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks

DKTreatmentStartRegistrationAct 1.2.208.176.7.1.10.112 2018-01-04 anywhere -> Encounter
  "When treatment began (behandling starttidspunkt)."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.112 2.16.840.1.113883.10.12.301
    code 1..1 R CD @nullFlavor=NA
    effectiveTime 1..1 M IVL_TS include DKMedcomTimestampBody

DKPaymentContractAct 1.2.208.176.7.1.10.7 2017-09-13 anywhere -> Payment
  "Who pays, in which period (betalingsoplysning)."
  act @classCode=ACT @moodCode=EVN
    templateId 1.2.208.176.7.1.10.7 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks
    effectiveTime 1..1 M IVL_TS
      low 1..1 M IVXB_TS include DKMedcomTimestampBody
      high 0..1 R IVXB_TS include DKMedcomTimestampBody
    participant 1..1 M include DKPaymentContractPayorParticipantBody
    entryRelationship 1..1 M @typeCode=COMP contains DKSpecializationLevelAct

DKPaymentContractPayorParticipantBody 1.2.208.176.7.1.10.8 2017-12-22 -> Payment
  "The payer (betaler), as an SKS code."
  @typeCode=IND
  templateId 1.2.208.176.7.1.10.8 2.16.840.1.113883.10.12.321
  participantRole 1..1 R @classCode=PAYOR
    scopingEntity 1..1 M
      id 1..1 M II @assigningAuthorityName?=Sundhedsdatastyrelsen @root=1.2.208.176.2.4 @extension:cs

DKSpecializationLevelAct 1.2.208.176.7.1.10.10 2017-09-13 anywhere -> Payment
  "The level of specialization that is paid for (specialiseringsniveau)."
  act @classCode=ACT @moodCode=EVN
    templateId 1.2.208.176.7.1.10.10 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks
""")
