"""Approval procedures; tables and columns as in SAP's SDK help (OWST, OWTM, OWDD).

Stages are missing from the file of names: their properties are those of the DI API, their verbs
those of SAP's API reference.
"""

from b1sim.company.shape.area import Area, Shelf

_OF_TEMPLATE = (("WtmCode", "WtmCode"),)
_OF_REQUEST = (("WddCode", "WddCode"),)
APPROVALS = Area(
    own_sets={
        "ApprovalStages": {
            "type": "ApprovalStage",
            "key": ["Code"],
            "etag": False,
            "actions": ["GetApprovalStage", "RemoveApprovalStage"],
            "deletable": True,
        },
    },
    own_types={
        "ApprovalStage": {
            "Code": "Edm.Int32",
            "Name": "Edm.String",
            "NoOfApproversRequired": "Edm.Int32",
            "Remarks": "Edm.String",
            "ApprovalStageApprovers": "Collection(ApprovalStageApprover)",
        },
        "ApprovalStageApprover": {"UserID": "Edm.Int32"},
    },
    tables={
        "ApprovalStages": "OWST",
        "ApprovalTemplates": "OWTM",
        "ApprovalRequests": "OWDD",
    },
    shelves={
        "ApprovalStages": {
            "ApprovalStageApprovers": Shelf("WST1", "UserID", (("WstCode", "WstCode"),)),
        },
        "ApprovalTemplates": {
            "ApprovalTemplateUsers": Shelf("WTM1", "UserID", _OF_TEMPLATE),
            "ApprovalTemplateStages": Shelf("WTM2", "SortID", _OF_TEMPLATE),
            "ApprovalTemplateDocuments": Shelf("WTM3", "DocumentType", _OF_TEMPLATE),
            "ApprovalTemplateTerms": Shelf("WTM4", "LineNum", _OF_TEMPLATE),
        },
        "ApprovalRequests": {
            "ApprovalRequestLines": Shelf("WDD1", "LineNum", _OF_REQUEST),
            # Written and never read: a decision becomes a line (guess: SAP shows none either).
            "ApprovalRequestDecisions": Shelf("SIM_DECISIONS", "LineNum", _OF_REQUEST),
        },
    },
    actions={
        "ApprovalStages": ("GetApprovalStage", "RemoveApprovalStage"),
        "ApprovalTemplates": ("GetApprovalTemplate", "RemoveApprovalTemplate"),
    },
    columns={
        "ApprovalStage": "Code:WstCode Name NoOfApproversRequired:MaxReqr Remarks",
        "ApprovalStageApprover": "UserID",
        "ApprovalTemplate": """Code:WtmCode Name Remarks UseTerms:Conds IsActive:Active
            IsActiveWhenUpdatingDocuments:AppOnUpd""",
        "ApprovalTemplateUser": "UserID",
        "ApprovalTemplateStage": "SortID:SortId ApprovalStageCode:WstCode Remarks",
        "ApprovalTemplateDocument": "DocumentType:TransType",
        "ApprovalTemplateTerm": "ConditionType:CondId OperationType:opCode Value:opValue",
        "ApprovalRequest": """Code:WddCode ApprovalTemplatesID:WtmCode ObjectType:ObjType IsDraft
            ObjectEntry:DocEntry Status Remarks CurrentStage:CurrStep OriginatorID:OwnerID
            CreationDate:CreateDate CreationTime:CreateTime DraftEntry DraftType""",
        "ApprovalRequestLine": """StageCode:StepCode UserID Status Remarks UpdateDate UpdateTime
            CreationDate:CreateDate CreationTime:CreateTime""",
        "ApprovalRequestDecision": "Status Remarks ApproverUserName ApproverPassword",
    },
    read_only={
        "ApprovalRequest": """Code ApprovalTemplatesID ObjectType IsDraft ObjectEntry Status
            CurrentStage OriginatorID CreationDate CreationTime DraftEntry DraftType""",
    },
    max_lengths={
        "ApprovalStage": {"Name": 20, "Remarks": 100},
        "ApprovalTemplate": {"Name": 20, "Remarks": 100},
        "ApprovalRequest": {"Remarks": 200},
        "ApprovalRequestDecision": {"Remarks": 200},
    },
    hidden={
        "WTM4": {"LineNum": "INTEGER"},
        "WDD1": {"LineNum": "INTEGER"},
        "SIM_DECISIONS": {"LineNum": "INTEGER"},
    },
    defaults={
        "OWST": {"MaxReqr": 1},
        "OWTM": {"Conds": "N", "Active": "Y", "AppOnUpd": "N"},
    },
    refers={
        "WST1": (("UserID", "OUSR"),),
        "WTM1": (("UserID", "OUSR"),),
        "WTM2": (("WstCode", "OWST"),),
    },
    uses={"OWST": (("WTM2", "WstCode"),), "OWTM": (("OWDD", "WtmCode"),)},
    support="""
CREATE INDEX OWDD_DRAFT ON OWDD (DraftEntry);
""",
)
