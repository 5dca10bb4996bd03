VERSION 5.00
Begin VB.Form AfterSaleForm
   Caption         =   "After the sale"
   ClientHeight    =   8400
   ClientLeft      =   60
   ClientTop       =   345
   ClientWidth     =   10800
   LinkTopic       =   "AfterSaleForm"
   ScaleHeight     =   8400
   ScaleWidth      =   10800
   StartUpPosition =   3  'Windows Default
   Begin VB.ListBox SaleList
      Height          =   2400
      Left            =   120
      TabIndex        =   0
      Top             =   120
      Width           =   4815
   End
   Begin VB.Label TicketLabel
      Caption         =   "Ticket number"
      Height          =   255
      Left            =   5160
      TabIndex        =   1
      Top             =   180
      Width           =   1815
   End
   Begin VB.TextBox TicketBox
      Height          =   375
      Left            =   7080
      TabIndex        =   2
      Top             =   120
      Width           =   3615
   End
   Begin VB.Label GoodsLabel
      Caption         =   "Goods (none: all)"
      Height          =   255
      Left            =   5160
      TabIndex        =   3
      Top             =   660
      Width           =   1815
   End
   Begin VB.TextBox GoodsBox
      Height          =   375
      Left            =   7080
      TabIndex        =   4
      Top             =   600
      Width           =   3615
   End
   Begin VB.Label AmountLabel
      Caption         =   "Amount, in cents"
      Height          =   255
      Left            =   5160
      TabIndex        =   5
      Top             =   1140
      Width           =   1815
   End
   Begin VB.TextBox AmountBox
      Height          =   375
      Left            =   7080
      TabIndex        =   6
      Top             =   1080
      Width           =   3615
   End
   Begin VB.Label ReasonLabel
      Caption         =   "Reason"
      Height          =   255
      Left            =   5160
      TabIndex        =   7
      Top             =   1620
      Width           =   1815
   End
   Begin VB.TextBox ReasonBox
      Height          =   375
      Left            =   7080
      TabIndex        =   8
      Top             =   1560
      Width           =   3615
   End
   Begin VB.Label ChangesLabel
      Caption         =   "File of changes"
      Height          =   255
      Left            =   5160
      TabIndex        =   9
      Top             =   2100
      Width           =   1815
   End
   Begin VB.TextBox ChangesBox
      Height          =   375
      Left            =   7080
      TabIndex        =   10
      Top             =   2040
      Width           =   3615
   End
   Begin VB.CommandButton ShipButton
      Caption         =   "Goods went out"
      Height          =   375
      Left            =   120
      TabIndex        =   11
      Top             =   2640
      Width           =   1695
   End
   Begin VB.CommandButton RefundButton
      Caption         =   "Goods came back"
      Height          =   375
      Left            =   1920
      TabIndex        =   12
      Top             =   2640
      Width           =   1695
   End
   Begin VB.CommandButton AmountButton
      Caption         =   "Pay amount back"
      Height          =   375
      Left            =   3720
      TabIndex        =   13
      Top             =   2640
      Width           =   1695
   End
   Begin VB.CommandButton CancelButton
      Caption         =   "Cancel the sale"
      Height          =   375
      Left            =   5520
      TabIndex        =   14
      Top             =   2640
      Width           =   1575
   End
   Begin VB.CommandButton UpdateButton
      Caption         =   "Change the sale"
      Height          =   375
      Left            =   7200
      TabIndex        =   15
      Top             =   2640
      Width           =   1695
   End
   Begin VB.CommandButton InfoButton
      Caption         =   "Where it stands"
      Height          =   375
      Left            =   9000
      TabIndex        =   16
      Top             =   2640
      Width           =   1695
   End
   Begin VB.CommandButton LogButton
      Caption         =   "Log of the sale"
      Height          =   375
      Left            =   120
      TabIndex        =   17
      Top             =   3120
      Width           =   1695
   End
   Begin VB.CommandButton LogAllButton
      Caption         =   "Log of all"
      Height          =   375
      Left            =   1920
      TabIndex        =   18
      Top             =   3120
      Width           =   1695
   End
   Begin VB.CommandButton DismissButton
      Caption         =   "Entry is seen to"
      Height          =   375
      Left            =   3720
      TabIndex        =   19
      Top             =   3120
      Width           =   1695
   End
   Begin VB.CommandButton PayoutsButton
      Caption         =   "Payouts"
      Height          =   375
      Left            =   5520
      TabIndex        =   20
      Top             =   3120
      Width           =   1575
   End
   Begin VB.CommandButton ReportButton
      Caption         =   "Delivery report"
      Height          =   375
      Left            =   7200
      TabIndex        =   21
      Top             =   3120
      Width           =   1695
   End
   Begin VB.CommandButton AccountButton
      Caption         =   "Account"
      Height          =   375
      Left            =   9000
      TabIndex        =   22
      Top             =   3120
      Width           =   795
   End
   Begin VB.CommandButton TestButton
      Caption         =   "Test"
      Height          =   375
      Left            =   9900
      TabIndex        =   23
      Top             =   3120
      Width           =   795
   End
   Begin VB.ListBox LineList
      Height          =   4545
      Left            =   120
      TabIndex        =   24
      Top             =   3600
      Width           =   10575
   End
End
Attribute VB_Name = "AfterSaleForm"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = False
Option Explicit

' What comes after the sale, and what the office looks at: each button is one call. What may be done with a
' sale, and when, is not known here: the library says it.

Private Sub Form_Load()
    ShowLinesIn LineList
    ChangesBox.Text = App.Path & "\changes.json"
    ShowSales
End Sub

Private Sub Form_Unload(Cancel As Integer)
    ShowLinesIn TillForm.LineList
End Sub

' The sales of the book, as they stand.
Private Sub ShowSales()
    Dim entry As TillEntry

    On Error GoTo Failed
    SaleList.Clear
    For Each entry In AllSales()
        SaleList.AddItem entry.Ticket & " " & entry.Price & " " & entry.State
    Next entry
    Exit Sub
Failed:
    ShowFailure "book"
End Sub

' A ticket number has no spaces.
Private Sub SaleList_Click()
    TicketBox.Text = Split(SaleList.Text, " ")(0)
End Sub

' ---- changes of the sale ---------------------------------------------------------------------------

Private Sub ShipButton_Click()
    On Error GoTo Failed
    ShipGoods TicketBox.Text, GoodsBox.Text
    ShowSales
    Exit Sub
Failed:
    ShowFailure "ship"
End Sub

Private Sub RefundButton_Click()
    On Error GoTo Failed
    RefundGoods TicketBox.Text, GoodsBox.Text
    ShowSales
    Exit Sub
Failed:
    ShowFailure "refund"
End Sub

Private Sub AmountButton_Click()
    On Error GoTo Failed
    RefundAmount TicketBox.Text, AmountBox.Text, ReasonBox.Text
    ShowSales
    Exit Sub
Failed:
    ShowFailure "refund"
End Sub

Private Sub CancelButton_Click()
    On Error GoTo Failed
    CancelSale TicketBox.Text, ReasonBox.Text
    ShowSales
    Exit Sub
Failed:
    ShowFailure "cancel"
End Sub

Private Sub UpdateButton_Click()
    On Error GoTo Failed
    UpdateSale TicketBox.Text, ChangesBox.Text
    ShowSales
    Exit Sub
Failed:
    ShowFailure "update"
End Sub

Private Sub InfoButton_Click()
    On Error GoTo Failed
    ShowSale TicketBox.Text
    Exit Sub
Failed:
    ShowFailure "info"
End Sub

' ---- the office, and support -----------------------------------------------------------------------

Private Sub LogButton_Click()
    On Error GoTo Failed
    ShowLog TicketBox.Text
    Exit Sub
Failed:
    ShowFailure "log"
End Sub

Private Sub LogAllButton_Click()
    On Error GoTo Failed
    ShowLog ""
    Exit Sub
Failed:
    ShowFailure "log"
End Sub

Private Sub DismissButton_Click()
    On Error GoTo Failed
    DismissEntry InputBox("The number of the entry, as the log shows it:", "Till")
    Exit Sub
Failed:
    ShowFailure "dismiss"
End Sub

Private Sub PayoutsButton_Click()
    On Error GoTo Failed
    ShowPayouts
    Exit Sub
Failed:
    ShowFailure "reconcile"
End Sub

Private Sub ReportButton_Click()
    On Error GoTo Failed
    SendReport
    Exit Sub
Failed:
    ShowFailure "report"
End Sub

Private Sub AccountButton_Click()
    On Error GoTo Failed
    ShowAccount
    Exit Sub
Failed:
    ShowFailure "account"
End Sub

Private Sub TestButton_Click()
    On Error GoTo Failed
    TestMachine
    Exit Sub
Failed:
    ShowFailure "self-test"
End Sub
