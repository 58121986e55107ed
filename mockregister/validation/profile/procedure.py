"""Procedures (procedurer) in their three forms, with producer, reason, status and contrast agent."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKProcedureAct 1.2.208.176.7.1.10.25 2018-05-28 anywhere -> Procedure
  "A procedure (procedure) written as an act."
  act @classCode=ACT @moodCode=EVN
    templateId 1.2.208.176.7.1.10.25 2.16.840.1.113883.10.12.301
    id 1..1 M II entry-of-set
    code 1..1 M CD sks
    include DKProcedureActBody
    reference 0..1 include DKExternalProcedureActReplacementReferenceBody check id-of-replaced

DKProcedureObservation 1.2.208.176.7.1.10.29 2018-05-07 anywhere -> Procedure
  "A procedure (procedure) written as an observation."
  observation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.29 2.16.840.1.113883.10.12.303
    id 1..1 M II entry-of-set
    code 1..1 M CD sks
    include DKProcedureBody
    reference 0..1 include DKExternalProcedureObservationReplacementReferenceBody check id-of-replaced

DKProcedureProcedure 1.2.208.176.7.1.10.30 2018-05-07 anywhere -> Procedure
  "A procedure (procedure) written as a procedure, the form to prefer (fact 71)."
  procedure @classCode=PROC @moodCode=EVN
    templateId 1.2.208.176.7.1.10.30 2.16.840.1.113883.10.12.306
    id 1..1 R II entry-of-set
    code 1..1 M CD sks
    include DKProcedureBody
    reference 0..1 include DKExternalProcedureProcedureReplacementReferenceBody check id-of-replaced

DKProcedureBody 1.2.208.176.7.1.10.130 2018-04-09 -> Procedure
  "What procedures have: period, site, producer, supplementary codes, payment, reason, and owner."
  effectiveTime 1..1 M IVL_TS
    low 1..1 M IVXB_TS include DKMedcomTimestampBody
    high 0..1 R IVXB_TS include DKMedcomTimestampBody
  targetSiteCode 0..1 R CD sks
  participant 1..1 M include DKProcedureProducerParticipationBody
  entryRelationship 0..* R @typeCode=COMP contains DKSupplementaryCodeAct
  entryRelationship 0..1 R @typeCode=COMP contains DKContrastAgentSubstanceAdministration
  entryRelationship 0..1 R @typeCode=COMP contains DKPaymentContractAct
  entryRelationship 0..1 R @typeCode=RSON contains DKProcedureReasonObservation
  entryRelationship 0..1 R @typeCode=COMP contains DKProcedureStatusAct
  choice 1..1
    entryRelationship 0..1 @typeCode=REFR contains DKInternalEpisodeOfCareReference
    entryRelationship 0..1 @typeCode=REFR contains DKInternalEncounterReference
    reference 0..1 @typeCode=REFR contains DKExternalEpisodeOfCareAct
    reference 0..1 @typeCode=REFR contains DKExternalEncounterAct

DKProcedureActBody 1.2.208.176.7.1.10.131 2018-05-28 -> Procedure
  "What procedures written as acts have: as DKProcedureBody, with owners distinguished by templateId."
  effectiveTime 1..1 M IVL_TS
    low 1..1 M IVXB_TS include DKMedcomTimestampBody
    high 0..1 R IVXB_TS include DKMedcomTimestampBody
  participant 1..1 M include DKProcedureProducerParticipationBody
  entryRelationship 0..* R @typeCode=COMP contains DKSupplementaryCodeAct
  entryRelationship 0..1 R @typeCode=COMP contains DKContrastAgentSubstanceAdministration
  entryRelationship 0..1 R @typeCode=COMP contains DKPaymentContractAct
  entryRelationship 0..1 R @typeCode=RSON contains DKProcedureReasonObservation
  entryRelationship 0..1 R @typeCode=COMP contains DKProcedureStatusAct
  choice 1..1
    entryRelationship 0..1 @typeCode=REFR
      templateId 1.2.208.176.7.1.22.1
      choice 1..1
        include DKInternalEpisodeOfCareReference 0..1
        include DKInternalEncounterReference 0..1
    reference 0..1 @typeCode=REFR
      templateId 2.16.840.1.113883.10.12.324
      choice 1..1
        include DKExternalEpisodeOfCareAct 0..1
        include DKExternalEncounterAct 0..1

DKProcedureProducerParticipationBody 1.2.208.176.7.1.10.16 2017-09-13 -> Procedure
  "Who performed a procedure (producent): the unit, and the category of staff."
  @typeCode=PRF
  templateId 1.2.208.176.7.1.10.16 2.16.840.1.113883.10.12.321
  participantRole 1..1 M @classCode=ROL
    code 0..1 R CD sks
    scopingEntity 1..1 M @classCode=ORG
      id 1..1 M II sor

DKContrastAgentSubstanceAdministration 1.2.208.176.7.1.10.2 2017-12-08 anywhere -> Procedure
  "A contrast agent that was given (kontraststof)."
  substanceAdministration @classCode=SBADM @moodCode=EVN
    templateId 1.2.208.176.7.1.10.2 2.16.840.1.113883.10.12.308
    consumable 1..1 M @typeCode=CSM
      include DKContrastAgentManufacturedProduct 1..1 M

DKContrastAgentManufacturedProduct 1.2.208.176.7.1.10.4 2017-12-11 -> Procedure
  "The product that holds a contrast agent."
  manufacturedProduct @classCode=MANU
    templateId 1.2.208.176.7.1.10.4 2.16.840.1.113883.10.12.312
    include DKContrastAgentMaterial 1..1 M

DKContrastAgentMaterial 1.2.208.176.7.1.10.3 2017-03-01 -> Procedure
  "A contrast agent, as an SKS code."
  manufacturedMaterial @classCode=MMAT
    templateId 1.2.208.176.7.1.10.3 2.16.840.1.113883.10.12.311
    code 1..1 M CD sks

DKProcedureReasonObservation 1.2.208.176.7.1.10.19 2017-09-13 anywhere -> Indication
  "Why a procedure was done (indikation), with supplementary codes."
  observation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.19 2.16.840.1.113883.10.12.303
    code 1..1 M CD sks-without-name
    entryRelationship 0..* R @typeCode=COMP contains DKSupplementaryCodeAct

DKProcedureStatusAct 1.2.208.176.7.1.10.22 2017-09-13 anywhere -> Procedure
  "How far a procedure has come (procedurestatus)."
  act @classCode=ACT @moodCode=EVN
    templateId 1.2.208.176.7.1.10.22 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks
""")
