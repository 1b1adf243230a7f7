"""Who works in the company and who may log in; columns as in SAP's SDK help.

A user's password is never read back: the property is there to be written (SAP keeps a hash).
"""

from b1sim.company.shape.area import Area, Shelf
from b1sim.company.shape.areas.documents import DOCUMENT_TABLES

_SOLD_BY = (("SlpCode", "OSLP"),)
PEOPLE = Area(
    tables={
        "Users": "OUSR",
        "UserLanguages": "OLNG",
        "EmployeesInfo": "OHEM",
        "Departments": "OUDP",
        "Branches": "OUBR",
        "SalesPersons": "OSLP",
        "Territories": "OTER",
    },
    shelves={
        "Users": {
            "UserPermission": Shelf("USR3", "PermissionID", (("UserLink", "USERID"),)),
            "UserBranchAssignment": Shelf("USR6", "BPLID", (("UserLink", "USERID"),)),
        },
        "EmployeesInfo": {
            "EmployeeRolesInfoLines": Shelf("HEM6", "LineNum", (("empID", "empID"),)),
            "EmployeeBranchAssignment": Shelf("HEM11", "BPLID", (("empID", "empID"),)),
        },
    },
    columns={
        "User": """InternalKey:USERID UserPassword:PASSWORD UserCode:USER_CODE UserName:U_NAME
            Superuser:SUPERUSER eMail:E_Mail MobilePhoneNumber:PortNum Defaults:DfltsGroup
            FaxNumber:Fax Branch Department LanguageCode:Language Locked Group:GROUPS""",
        "UserPermissionItem": "UserCode:UserLink PermissionID:PermId Permission",
        "UserBranchAssignmentItem": "BPLID:BPLId",
        "UserLanguage": """Code LanguageShortName:ShortName LanguageFullName:Name
            RelatedSystemLanguage:SysLang""",
        "EmployeeInfo": """EmployeeID:empID LastName:lastName FirstName:firstName
            MiddleName:middleName Gender:sex JobTitle:jobTitle EmployeeType:type Department:dept
            Branch:branch Manager:manager ApplicationUserID:userId SalesPersonCode:salesPrson
            OfficePhone:officeTel MobilePhone:mobile eMail:email StartDate:startDate
            WorkCountryCode:workCountr Remarks:remark Active EmployeeCode:ExtEmpNo
            CreateDate CreateTime:CreateTS UpdateDate UpdateTime:UpdateTS""",
        "EmployeeRolesInfo": "EmployeeID:empID LineNum:line RoleID:roleID",
        "EmployeeBranchAssignmentItem": "EmployeeID:empID BPLID:BPLId",
        "Department": "Code Name Description:Remarks",
        "Branch": "Code Name Description:Remarks",
        "SalesPerson": """SalesEmployeeCode:SlpCode SalesEmployeeName:SlpName Remarks:Memo
            CommissionForSalesEmployee:Commission CommissionGroup:GroupCode Locked
            EmployeeID:EmpID Active Telephone Mobile:Mobil Fax Email""",
        "Territory": """TerritoryID:territryID Description:descript LocationIndex:lindex
            Inactive:inactive Parent:parent""",
    },
    read_only={
        "User": """LastLogoutDate LastLoginTime LastLogoutTime LastPasswordChangeTime
            LastPasswordChangedBy""",
        "UserPermissionItem": "UserCode",
        "UserBranchAssignmentItem": "UserCode",
        "EmployeeInfo": "CreateDate CreateTime UpdateDate UpdateTime",
        "EmployeeRolesInfo": "EmployeeID",
        "EmployeeBranchAssignmentItem": "EmployeeID",
    },
    max_lengths={
        "User": {"UserCode": 25, "UserName": 155, "eMail": 100},
        "UserPermissionItem": {"PermissionID": 20},
        "EmployeeInfo": {"LastName": 50, "FirstName": 50, "JobTitle": 20},
        "SalesPerson": {"SalesEmployeeName": 155, "Remarks": 50},
        "Department": {"Name": 20, "Description": 100},
        "Branch": {"Name": 20, "Description": 100},
        "Territory": {"Description": 200},
    },
    defaults={
        "OUSR": {"SUPERUSER": "N", "Locked": "N", "GROUPS": "0", "Department": -2, "Branch": -2},
        "OHEM": {"Active": "Y"},
        "OSLP": {"Locked": "N", "Active": "Y", "Commission": 0.0},
        "OTER": {"inactive": "N"},
    },
    uses={
        "OSLP": (("OCRD", "SlpCode"), ("OHEM", "salesPrson")),
        "OUDP": (("OHEM", "dept"), ("OUSR", "Department")),
        "OUBR": (("OHEM", "branch"), ("OUSR", "Branch")),
        "OUSR": (("OHEM", "userId"), ("WDD1", "UserID"), ("OWDD", "OwnerID")),
    },
    refers={
        "OUSR": (("Department", "OUDP"), ("Branch", "OUBR")),
        "USR6": (("BPLId", "OBPL"),),
        "OHEM": (
            ("dept", "OUDP"),
            ("branch", "OUBR"),
            ("manager", "OHEM"),
            ("userId", "OUSR"),
            ("salesPrson", "OSLP"),
        ),
        "HEM11": (("BPLId", "OBPL"),),
        "OSLP": (("EmpID", "OHEM"),),
        **{header: _SOLD_BY for _, header, _ in DOCUMENT_TABLES.values()},
        "OCRD": _SOLD_BY,
    },
    support="""
CREATE TABLE SIM_PASSWORDS (UserCode TEXT PRIMARY KEY, Password TEXT) WITHOUT ROWID;
CREATE UNIQUE INDEX OUSR_CODE ON OUSR (USER_CODE);
""",
)
