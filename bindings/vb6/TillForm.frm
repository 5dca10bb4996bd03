VERSION 5.00
Begin VB.Form TillForm
   Caption         =   "Till"
   ClientHeight    =   6480
   ClientLeft      =   60
   ClientTop       =   345
   ClientWidth     =   9000
   LinkTopic       =   "TillForm"
   ScaleHeight     =   6480
   ScaleWidth      =   9000
   StartUpPosition =   3  'Windows Default
   Begin VB.Label TicketLabel
      Caption         =   "Ticket number"
      Height          =   255
      Left            =   120
      TabIndex        =   0
      Top             =   180
      Width           =   1335
   End
   Begin VB.TextBox TicketBox
      Height          =   375
      Left            =   1560
      TabIndex        =   1
      Top             =   120
      Width           =   2655
   End
   Begin VB.CommandButton SellButton
      Caption         =   "Pay with seQura"
      Height          =   375
      Left            =   4440
      TabIndex        =   2
      Top             =   120
      Width           =   2055
   End
   Begin VB.CommandButton TakeUpButton
      Caption         =   "Take this sale up again"
      Height          =   375
      Left            =   6600
      TabIndex        =   3
      Top             =   120
      Width           =   2295
   End
   Begin VB.CommandButton ApprovedButton
      Caption         =   "The phone says: approved"
      Enabled         =   0   'False
      Height          =   375
      Left            =   120
      TabIndex        =   4
      Top             =   600
      Width           =   2895
   End
   Begin VB.CommandButton FormButton
      Caption         =   "Send the form again"
      Enabled         =   0   'False
      Height          =   375
      Left            =   3120
      TabIndex        =   5
      Top             =   600
      Width           =   2775
   End
   Begin VB.CommandButton LeftButton
      Caption         =   "The shopper left"
      Enabled         =   0   'False
      Height          =   375
      Left            =   6000
      TabIndex        =   6
      Top             =   600
      Width           =   2895
   End
   Begin VB.CommandButton RecoverButton
      Caption         =   "Finish what is unfinished"
      Height          =   375
      Left            =   120
      TabIndex        =   7
      Top             =   1080
      Width           =   2895
   End
   Begin VB.CommandButton UnfinishedButton
      Caption         =   "What is unfinished?"
      Height          =   375
      Left            =   3120
      TabIndex        =   8
      Top             =   1080
      Width           =   2775
   End
   Begin VB.CommandButton AfterSaleButton
      Caption         =   "After the sale, and the office"
      Height          =   375
      Left            =   6000
      TabIndex        =   9
      Top             =   1080
      Width           =   2895
   End
   Begin VB.CommandButton ConfirmedThereButton
      Caption         =   "The portal has this sale as confirmed"
      Height          =   375
      Left            =   120
      TabIndex        =   10
      Top             =   1560
      Width           =   4335
   End
   Begin VB.CommandButton NotConfirmedThereButton
      Caption         =   "The portal has it as not confirmed"
      Height          =   375
      Left            =   4560
      TabIndex        =   11
      Top             =   1560
      Width           =   4335
   End
   Begin VB.ListBox LineList
      Height          =   4260
      Left            =   120
      TabIndex        =   12
      Top             =   2040
      Width           =   8775
   End
End
Attribute VB_Name = "TillForm"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = False
Option Explicit

' A till that sells with seQura: what bindings/c does, behind buttons.
'
'     Pay ---> form ---> approved? ---> confirm ---> book ---> reference ---> receipt
'                                          1           2           3
'
' 1, 2 and 3 are seQura's own numbers. Two rules carry the whole of it:
'
'   - the sale is completed in the till's book only after Confirm has come back without an error;
'   - the goods go only when OrderState is SQ_STATE_SETTLED: confirmed, and its reference registered.
'
' Whatever happens in between, a power cut included, the order's URL is in the book and the order is
' in the library's journal; from these two the till goes on when it is started again, see TillRecovery.bas.

' The sale that the shopper has on the phone; "" for none.
Private mUrl As String
Private mTicket As String
' The order as it is now; not said: as it was last sent.
Private mOrder As String

Private Sub Form_Load()
    ShowLinesIn LineList
    Set Sequra = New SequraClient
    On Error GoTo Failed
    SqLoadLibrary App.Path
    ' "text_encoding": "windows-1252" is in it.
    Sequra.OpenFile App.Path & "\till.json"
    ' What the till was killed in comes first.
    FinishUnfinished
    Exit Sub
Failed:
    ShowFailure "start"
    SellButton.Enabled = False
    TakeUpButton.Enabled = False
    RecoverButton.Enabled = False
    UnfinishedButton.Enabled = False
    AfterSaleButton.Enabled = False
    ConfirmedThereButton.Enabled = False
    NotConfirmedThereButton.Enabled = False
End Sub

Private Sub Form_Unload(Cancel As Integer)
    Sequra.CloseClient
End Sub

' ---- the sale ------------------------------------------------------------------------------------

Private Sub SellButton_Click()
    Dim started As SequraResult

    On Error GoTo Failed
    If Not IsTicket(TicketBox.Text) Then Refuse "a ticket number has no spaces, quotes or accents"
    mTicket = TicketBox.Text
    mOrder = BuildOrder().Json
    Set started = Sequra.StartSolicitation(mOrder)
    ShowResult "start", started
    mUrl = started.OrderUrl
    WaitForShopper True
    ' Before anything reaches the shopper, the till knows where the order is.
    RecordSale "started", mTicket, started
    SendForm
    Exit Sub
Failed:
    ShowFailure "sell"
End Sub

Private Sub FormButton_Click()
    On Error GoTo Failed
    SendForm
    Exit Sub
Failed:
    ShowFailure "form"
End Sub

' An SMS to the shopper, who fills the form in; never the staff.
Private Sub SendForm()
    ShowResult "form", Sequra.SendForm(mUrl, "pp3")
End Sub

Private Sub ApprovedButton_Click()
    On Error GoTo Failed
    ConfirmSale
    Exit Sub
Failed:
    ShowFailure "book"
End Sub

Private Sub ConfirmSale()
    Dim confirmed As SequraResult

    On Error GoTo NotConfirmed
    ' The whole order once more, as it is at this moment: is it still the one that was approved?
    Set confirmed = Sequra.Confirm(mUrl, mOrder)
    On Error GoTo 0
    ShowResult "confirm", confirmed
    CompleteSale mTicket, confirmed
    WaitForShopper False
    Exit Sub
NotConfirmed:
    ' Not sold, or not yet: nothing is completed, and the goods stay.
    Set confirmed = ShowFailure("confirm")
    If SqStatusClass(confirmed.Status) = 3 Then
        ShowLine "till", "Nothing is completed and nothing is off: keep the goods, take no other payment."
    ElseIf confirmed.OrderState = SQ_STATE_CONFLICTED And confirmed.ErrorCode <> SQ_ERROR_NOT_APPROVED Then
        ShowLine "till", "Nothing is completed and no ticket number is sent: this sale does not take place."
        RecordSale "refused", mTicket, confirmed
        WaitForShopper False
    End If
End Sub

Private Sub LeftButton_Click()
    Dim abandoned As SequraResult

    On Error GoTo Failed
    Set abandoned = Sequra.Abandon(mUrl)
    ShowResult "abandon", abandoned
    RecordSale "abandoned", mTicket, abandoned
    WaitForShopper False
    Exit Sub
Failed:
    ShowFailure "abandon"
End Sub

' The buttons that go with it.
Private Sub WaitForShopper(ByVal waits As Boolean)
    If Not waits Then mUrl = ""
    SellButton.Enabled = Not waits
    TakeUpButton.Enabled = Not waits
    ApprovedButton.Enabled = waits
    FormButton.Enabled = waits
    LeftButton.Enabled = waits
End Sub

' ---- what was left open --------------------------------------------------------------------------

' A sale that was left open goes on; one that the book does not have, by its order's uuid.
Private Sub TakeUpButton_Click()
    Dim entry As TillEntry
    Dim current As SequraResult

    On Error GoTo Failed
    Set entry = FindSale(TicketBox.Text)
    If entry Is Nothing Then
        Set current = Sequra.OrderInfo(TicketBox.Text)
        If Not AskTicket("A ticket number for this sale:", mTicket) Then Exit Sub
        RecordSale "started", mTicket, current
    ElseIf entry.State = "started" Then
        Set current = Sequra.OrderInfo(entry.Url)
        mTicket = entry.Ticket
    Else
        Refuse entry.Ticket & " is " & entry.State
    End If
    ShowResult "take up", current
    Select Case current.OrderState
        Case SQ_STATE_CONFIRMED, SQ_STATE_SETTLED, SQ_STATE_REF_CONFLICTED
            CompleteSale mTicket, current
        Case Else
            mUrl = current.OrderUrl
            mOrder = vbNullString
            WaitForShopper True
    End Select
    Exit Sub
Failed:
    ShowFailure "take up"
End Sub

Private Sub RecoverButton_Click()
    Dim entry As TillEntry

    On Error GoTo Failed
    FinishUnfinished
    ' The sale that the shopper has on the phone may be among what was finished.
    Set entry = FindSale(mUrl)
    If Not entry Is Nothing Then WaitForShopper (entry.State = "started")
    Exit Sub
Failed:
    ShowFailure "recover"
End Sub

' Somebody has looked in seQura's portal what became of a sale that nobody's answer ends.
Private Sub ConfirmedThereButton_Click()
    SayWhatThePortalHas "confirmed"
End Sub

Private Sub NotConfirmedThereButton_Click()
    SayWhatThePortalHas "not_confirmed"
End Sub

Private Sub SayWhatThePortalHas(ByVal outcome As String)
    Dim entry As TillEntry
    Dim reason As String

    On Error GoTo Failed
    Set entry = FindSale(TicketBox.Text)
    If entry Is Nothing Then Refuse "the book has no sale " & TicketBox.Text
    reason = InputBox("Who looked in seQura's portal, and when?")
    If reason = "" Then Exit Sub
    ShowResult "resolve", Sequra.Resolve(entry.Url, outcome, reason)
    RecoverButton_Click
    Exit Sub
Failed:
    ShowFailure "resolve"
End Sub

Private Sub UnfinishedButton_Click()
    On Error GoTo Failed
    ShowUnfinished
    Exit Sub
Failed:
    ShowFailure "pending"
End Sub

Private Sub AfterSaleButton_Click()
    AfterSaleForm.Show vbModal, Me
End Sub

' ---- the order, as the till's own screen has it ----------------------------------------------------

Private Function BuildOrder() As SequraOrder
    Dim order As New SequraOrder

    order.Start Sequra
    order.AddItem SQ_ITEM_PRODUCT, "CAM-01", "Camisa", 2, 3000, 6000
    order.AddItem SQ_ITEM_DISCOUNT, "REB-11", "Rebaja", 0, 0, -500
    order.SetText "/cart/currency", "EUR"
    order.SetFlag "/cart/gift", False
    ' The till's own sum, from its own screen: the library holds it against the lines.
    order.SetNumber "/cart/order_total_with_tax", 5500
    order.SetText "/delivery_method/name", "Recogida en tienda"
    FillAddress order, "/delivery_address"
    FillAddress order, "/invoice_address"
    order.SetText "/customer/given_names", "Íñigo"
    order.SetText "/customer/surnames", "Muñoz Güell"
    order.SetText "/customer/email", "inigo.munoz@example.com"
    order.SetText "/customer/nin", "23232323T"
    order.SetText "/customer/date_of_birth", "2000-01-01"
    order.SetText "/customer/logged_in", "unknown"
    order.SetText "/customer/language_code", "es-ES"
    order.SetText "/customer/ip_number", "127.0.0.1"
    order.SetText "/customer/user_agent", "till"
    order.SetText "/gui/layout", "desktop"
    order.SetText "/platform/name", "Till.vbp"
    order.SetText "/platform/version", "1.0"
    order.SetText "/platform/uname", "VB6"
    order.SetText "/platform/db_name", "sales.txt"
    order.SetText "/platform/db_version", "1"
    Set BuildOrder = order
End Function

Private Sub FillAddress(ByVal order As SequraOrder, ByVal block As String)
    order.SetText block & "/given_names", "Íñigo"
    order.SetText block & "/surnames", "Muñoz Güell"
    order.SetText block & "/company", ""
    order.SetText block & "/address_line_1", "C/ de la Concepción 3"
    order.SetText block & "/address_line_2", "1º"
    order.SetText block & "/postal_code", "15001"
    order.SetText block & "/city", "A Coruña"
    order.SetText block & "/country_code", "ES"
    order.SetText block & "/mobile_phone", "666666666"
End Sub
