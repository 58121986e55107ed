"""Episodes of care (forløbselementer) with their label, markers, links, referral, unit and end."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKEpisodeOfCareAct 1.2.208.176.7.1.10.80 2018-03-28 anywhere -> EpisodeOfCare
  "An episode of care (forløbselement): one course of illness, from referral to end."
  act @classCode=PCPR @moodCode=EVN
    templateId 1.2.208.176.7.1.10.80 2.16.840.1.113883.10.12.301
    id 1..1 M II entry-of-set
    code 1..1 R CD @nullFlavor=NA
    effectiveTime 1..1 M IVL_TS
      low 1..1 M IVXB_TS include DKMedcomTimestampBody
      high 0..1 R IVXB_TS include DKMedcomTimestampBody
    participant 1..1 M include DKResponsibleUnitParticipantBody
    entryRelationship 1..1 M @typeCode=RSON contains DKReferralAct
    entryRelationship 1..1 M @typeCode=COMP contains DKClinicalThemeAct
    entryRelationship 0..* R @typeCode=COMP contains DKEpisodeOfCareMarkerAct
    entryRelationship 0..1 R @typeCode=COMP contains DKEpisodeOfCareLinkAct
    entryRelationship 0..1 R @typeCode=COMP contains DKEpisodeOfCareCompletionObservation
    reference 0..1 include DKExternalEpisodeOfCareReplacementReferenceBody check id-of-replaced

DKClinicalThemeAct 1.2.208.176.7.1.10.81 2017-11-01 anywhere -> EpisodeOfCare
  "What an episode of care is about (forløbslabel)."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.81 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks

DKEpisodeOfCareMarkerAct 1.2.208.176.7.1.10.82 2017-12-22 anywhere -> Marker
  "A marker in the course of an episode of care (forløbsmarkør); its id may be left out."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.82 2.16.840.1.113883.10.12.301
    id 0..1 R II entry-of-set
    code 1..1 M CD sks
    effectiveTime 1..1 M IVL_TS include DKMedcomTimestampBody

DKEpisodeOfCareLinkAct 1.2.208.176.7.1.10.83 2017-11-07 anywhere -> EpisodeLink
  "A link to another episode of care (reference mellem forløbselementer)."
  act R @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.83 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks-without-name
    choice 1..1
      entryRelationship 0..1 @typeCode=REFR contains DKInternalEpisodeOfCareReference
      reference 0..1 include DKExternalEpisodeOfCareReferenceBody
      reference 0..1 include DKSetExternalEpisodeOfCareReferenceBody

DKEpisodeOfCareCompletionObservation 1.2.208.176.7.1.10.105 2017-03-01 anywhere -> EpisodeOfCare
  "How an episode of care ended (afslutningsmåde)."
  observation @classCode=OBS @moodCode=EVN
    templateId 1.2.208.176.7.1.10.105 2.16.840.1.113883.10.12.303
    code 1..1 M CD sks

DKResponsibleUnitParticipantBody 1.2.208.176.7.1.10.49 2018-01-04
  "The responsible unit (ansvarlig enhed), as a SOR id."
  @typeCode=RESP
  templateId 1.2.208.176.7.1.10.49 2.16.840.1.113883.10.12.321
  participantRole 1..1 R @classCode=ROL
    scopingEntity 1..1 M @classCode=ORG
      id 1..1 M II sor

DKReferralAct 1.2.208.176.7.1.10.51 2017-12-22 anywhere -> Referral
  "A referral (henvisning): when it came, who sent it, how and why."
  act @classCode=PCPR @moodCode=RQO
    templateId 1.2.208.176.7.1.10.51 2.16.840.1.113883.10.12.301
    code 1..1 R CD @nullFlavor=NA
    effectiveTime 1..1 M IVL_TS include DKMedcomTimestampBody
    participant 0..1 R include DKReferrerParticipantBody
    entryRelationship 0..1 R @typeCode=RSON contains DKReferralReasonAct
    entryRelationship 1..1 M @typeCode=COMP contains DKRightToChooseHospitalAct
    entryRelationship 1..1 M @typeCode=COMP contains DKReferralOriginAct

DKReferrerParticipantBody 1.2.208.176.7.1.10.52 2017-09-13 -> Referral
  "Who referred the patient (henvisende instans), as a SOR id."
  @typeCode=REF
  templateId 1.2.208.176.7.1.10.52 2.16.840.1.113883.10.12.321
  participantRole 1..1 M @classCode=ROL
    scopingEntity 1..1 M @classCode=ORG
      id 1..1 M II sor

DKRightToChooseHospitalAct 1.2.208.176.7.1.10.53 2017-03-01 anywhere -> Referral
  "Whether the patient chose the hospital (frit valg)."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.53 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks

DKReferralOriginAct 1.2.208.176.7.1.10.54 2017-03-01 anywhere -> Referral
  "Where a referral came from (henvisningsmåde)."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.54 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks

DKReferralReasonAct 1.2.208.176.7.1.10.55 2017-09-13 anywhere -> ReferralReason
  "Why the patient was referred (henvisningsårsag), with supplementary codes."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.55 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks
    entryRelationship 0..* R @typeCode=COMP contains DKSupplementaryCodeAct

DKSupplementaryCodeAct 1.2.208.176.7.1.10.5 2017-12-12 anywhere -> Code
  "A code that adds to another (tillægskode)."
  act @classCode=REG @moodCode=EVN
    templateId 1.2.208.176.7.1.10.5 2.16.840.1.113883.10.12.301
    code 1..1 M CD sks
""")
