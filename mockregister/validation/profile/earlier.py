"""Earlier versions of the templates that have changed since 2018-06-13."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKCivilRegistrationSystemIdentifiedPatientRole 1.2.208.176.7.1.10.106 2017-03-01 -> Patient
  "A patient with a CPR number."
  patientRole @classCode=PAT
    templateId 1.2.208.176.7.1.10.106
    include DKMedcomPersonalIdentification 1..1 M

DKAlternativelyIdentifiedPatientRoleBody 1.2.208.176.7.1.10.132 2018-04-12 -> Patient
  "What must be reported about a patient whom CPR does not know: ids, addresses, name, sex, birth."
  id 1..* M II @root:uid @extension:st @assigningAuthorityName?:st
  addr 1..* M AD
    include DKAddressBody
    useablePeriod 0..1 R IVL_TS @xsi:type
      choice 1..*
        low 0..1 R IVXB_TS include DKMedcomTimestampBody
        high 0..1 R IVXB_TS include DKMedcomTimestampBody
  patient 1..1 M @classCode=PSN
    include DKMedcomPersonalName 1..1 M
    administrativeGenderCode 1..1 M CE @displayName?:st @codeSystem?=2.16.840.1.113883.5.1 @code:cs in AdministrativeGender
    birthTime 0..1 R TS include DKMedcomTimestampBody

DKCivilRegistrationSystemAndAlternativelyIdentifiedPatientRole 1.2.208.176.7.1.10.133 2018-08-20 -> Patient
  "A patient with a CPR number who was reported under another id before; links the two."
  patientRole @classCode=PAT
    templateId 1.2.208.176.7.1.10.107 1.2.208.176.7.1.10.106 1.2.208.176.7.1.10.133
    include DKMedcomPersonalIdentification 1..1 M
    include DKAlternativelyIdentifiedPatientRoleBody

DKCivilRegistrationSystemAndAlternativelyIdentifiedPatientRole 1.2.208.176.7.1.10.133 2017-12-22 -> Patient
  "A patient with a CPR number who was reported under another id before; links the two."
  patientRole @classCode=PAT
    templateId 1.2.208.176.7.1.10.107 1.2.208.176.7.1.10.106
    include DKMedcomPersonalIdentification 1..1 M
    include DKAlternativelyIdentifiedPatientRoleBody

DKNullifySection 1.2.208.176.7.1.10.116 2017-12-22 anywhere -> ClinicalDocument
  "The section of nullified entries (sletninger)."
  section
    templateId 1.2.208.176.7.1.10.116 2.16.840.1.113883.10.12.201
    entry 1..* M @typeCode=COMP contains DKNullifyAct

DKCustodian 1.2.208.176.7.1.10.103 2017-12-22 -> ClinicalDocument
  "The authority on whose behalf it is reported, as a CVR number."
  custodian @typeCode=CST
    templateId 1.2.208.176.7.1.10.103 2.16.840.1.113883.10.12.104
    assignedCustodian 1..1 M @classCode=ASSIGNED
      representedCustodianOrganization 1..1 M @classCode=ORG @determinerCode=INSTANCE
        id 1..1 M II @assigningAuthorityName?="Erhvervs- og Selskabsstyrelsen" @root=2.16.840.1.113883.2.24.1.1 @extension:st
""")
