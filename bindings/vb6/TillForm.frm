VERSION 5.00
Begin VB.Form TillForm
   Caption         =   "Till"
   ClientHeight    =   6000
   ClientLeft      =   60
   ClientTop       =   345
   ClientWidth     =   9000
   LinkTopic       =   "Form1"
   ScaleHeight     =   6000
   ScaleWidth      =   9000
   StartUpPosition =   3  'Windows Default
   Begin VB.TextBox TicketBox
      Height          =   375
      Left            =   1560
      TabIndex        =   0
      Top             =   120
      Width           =   2655
   End
   Begin VB.CommandButton SellButton
      Caption         =   "Pay with seQura"
      Height          =   375
      Left            =   4440
      TabIndex        =   1
      Top             =   120
      Width           =   2055
   End
   Begin VB.CommandButton ApprovedButton
      Caption         =   "The phone says: approved"
      Enabled         =   0   'False
      Height          =   375
      Left            =   120
      TabIndex        =   2
      Top             =   600
      Width           =   2895
   End
   Begin VB.CommandButton LeftButton
      Caption         =   "The shopper left"
      Enabled         =   0   'False
      Height          =   375
      Left            =   3120
      TabIndex        =   3
      Top             =   600
      Width           =   2175
   End
   Begin VB.CommandButton RecoverButton
      Caption         =   "Finish what is unfinished"
      Height          =   375
      Left            =   5400
      TabIndex        =   4
      Top             =   600
      Width           =   2895
   End
   Begin VB.ListBox LineList
      Height          =   4545
      Left            =   120
      TabIndex        =   5
      Top             =   1200
      Width           =   8775
   End
   Begin VB.Label TicketLabel
      Caption         =   "Ticket number"
      Height          =   255
      Left            =   120
      TabIndex        =   6
      Top             =   180
      Width           =   1335
   End
End
Attribute VB_Name = "TillForm"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = False
Option Explicit

' A till that sells with seQura: what bindings/c does, behind four buttons.
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
' in the library's journal; from these two the till goes on when it is started again.

Private mTill As SequraClient
' The sale that the shopper has on the phone.
Private mUrl As String
Private mTicket As String

Private Sub Form_Load()
    On Error GoTo Failed
    Set mTill = New SequraClient
    ' "text_encoding": "windows-1252" is in it.
    mTill.OpenFile App.Path & "\till.json"
    ' What the till was killed in comes first.
    FinishUnfinished
    Exit Sub
Failed:
    ShowFailure "open"
    SellButton.Enabled = False
    RecoverButton.Enabled = False
End Sub

Private Sub Form_Unload(Cancel As Integer)
    mTill.CloseClient
End Sub

' ---- the sale ------------------------------------------------------------------------------------

Private Sub SellButton_Click()
    Dim started As SequraResult

    On Error GoTo Failed
    If Not IsTicket(TicketBox.Text) Then
        ShowLine "till", "a ticket number has no spaces, quotes or accents"
        Exit Sub
    End If
    mTicket = TicketBox.Text
    Set started = mTill.StartSolicitation(BuildOrder(mTill).Json)
    ShowResult "start", started
    mUrl = started.OrderUrl
    ' Before anything reaches the shopper, the till knows where the order is.
    RecordSale "started", mTicket, started
    ' An SMS to the shopper, who fills the form in; never the staff.
    ShowResult "form", mTill.SendForm(mUrl, "pp3")
    WaitForShopper True
    Exit Sub
Failed:
    ShowFailure "sell"
    WaitForShopper (mUrl <> "")
End Sub

Private Sub ApprovedButton_Click()
    Dim confirmed As SequraResult

    On Error GoTo Failed
    ' The whole order once more, as it is at this moment: is it still the one that was approved?
    Set confirmed = mTill.Confirm(mUrl, BuildOrder(mTill).Json)
    ShowResult "confirm", confirmed
    CompleteSale mTicket, confirmed
    WaitForShopper False
    Exit Sub
Failed:
    ' Not sold, or not yet: nothing is completed, and the goods stay.
    ShowFailure "confirm"
End Sub

' The sale stands: it is completed in the book, and seQura learns its ticket number.
Private Sub CompleteSale(ByVal ticket As String, ByVal confirmed As SequraResult)
    Dim settled As SequraResult

    ' A settled order has the number that seQura has.
    If confirmed.OrderState = SQ_STATE_SETTLED Then ticket = confirmed.OrderRef1
    RecordSale "completed", ticket, confirmed
    Set settled = confirmed
    If confirmed.OrderState <> SQ_STATE_SETTLED Then
        Set settled = mTill.SetOrderRef(confirmed.OrderUrl, ticket)
        ShowResult "reference", settled
    End If
    RecordSale "registered", ticket, settled
    ShowLine "receipt", ticket & "  " & Price(settled) & "  pagado con seQura  " & settled.OrderUuid
End Sub

Private Sub LeftButton_Click()
    On Error GoTo Failed
    RecordSale "abandoned", mTicket, mTill.Abandon(mUrl)
    WaitForShopper False
    Exit Sub
Failed:
    ShowFailure "abandon"
End Sub

Private Sub WaitForShopper(ByVal waits As Boolean)
    If Not waits Then mUrl = ""
    SellButton.Enabled = Not waits
    ApprovedButton.Enabled = waits
    LeftButton.Enabled = waits
End Sub

' ---- what the till was killed in, or got no answer to ---------------------------------------------

Private Sub RecoverButton_Click()
    On Error GoTo Failed
    FinishUnfinished
    Exit Sub
Failed:
    ShowFailure "recover"
End Sub

' Asks again for what has no answer, and brings the book's open sales to where their orders are.
Private Sub FinishUnfinished()
    Dim sales As Collection
    Dim sale As Variant

    AskAgain
    Set sales = OpenSales()
    For Each sale In sales
        BringUpToDate sale(0), sale(1), sale(2)
    Next sale
End Sub

' seQura out of reach stops no other sale: what has no answer keeps.
Private Sub AskAgain()
    On Error GoTo Failed
    ShowResult "recover", mTill.Recover()
    Exit Sub
Failed:
    ShowFailure "recover"
End Sub

Private Sub BringUpToDate(ByVal state As String, ByVal ticket As String, ByVal url As String)
    Dim now As SequraResult

    On Error GoTo Failed
    ' Nothing is sent: the journal knows.
    Set now = mTill.OrderInfo(url)
    Select Case now.OrderState
        Case SQ_STATE_CONFIRMED, SQ_STATE_SETTLED
            If state = "started" Then
                CompleteSale ticket, now
            ElseIf now.OrderState = SQ_STATE_SETTLED Then
                RecordSale "registered", now.OrderRef1, now
            Else
                RecordSale "registered", ticket, mTill.SetOrderRef(url, ticket)
            End If
        Case SQ_STATE_CONFLICTED
            RecordSale "refused", ticket, now
        Case SQ_STATE_ABANDONED, SQ_STATE_CANCELLED
            RecordSale now.OrderState, ticket, now
        Case Else
            ShowLine "waiting", ticket & " " & now.OrderState & "; next: " & now.NextStep
    End Select
    Exit Sub
Failed:
    ShowFailure ticket
End Sub

' ---- the till's own book: one line for each step of a sale ----------------------------------------

' A real till has a table for this, and knows that it is on the disk before it goes on.

Private Function BookFile() As String
    BookFile = App.Path & "\sales.txt"
End Function

Private Sub RecordSale(ByVal state As String, ByVal ticket As String, ByVal result As SequraResult)
    Dim book As Integer

    book = FreeFile
    Open BookFile() For Append As #book
    Print #book, state & " " & ticket & " " & result.Value("/order/amount") & " " _
        & result.Value("/order/currency") & " " & Format$(Date, "yyyy-mm-dd") & "T" _
        & Format$(Time, "hh:nn:ss") & " " & result.OrderUrl
    Close #book
    ShowLine "book", ticket & " is now " & state
End Sub

' Of every sale that something is due for: Array(state, ticket, url).
Private Function OpenSales() As Collection
    Dim sales As New Collection
    Dim found As New Collection
    Dim book As Integer
    Dim bookLine As String
    Dim words As Variant
    Dim sale As Variant

    If Len(Dir$(BookFile())) > 0 Then
        book = FreeFile
        Open BookFile() For Input As #book
        Do Until EOF(book)
            Line Input #book, bookLine
            words = Split(bookLine, " ")
            ' A line that a power cut left unfinished is passed over.
            If UBound(words) = 5 Then
                On Error Resume Next
                sales.Remove words(5)
                On Error GoTo 0
                sales.Add Array(words(0), words(1), words(5)), words(5)
            End If
        Loop
        Close #book
    End If
    For Each sale In sales
        If sale(0) = "started" Or sale(0) = "completed" Then found.Add sale
    Next sale
    Set OpenSales = found
End Function

' ---- the order, as the till's own screen has it ----------------------------------------------------

Private Function BuildOrder(ByVal till As SequraClient) As SequraOrder
    Dim order As New SequraOrder

    order.Start till
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

' It goes into the order, the book and the screen as it is.
Private Function IsTicket(ByVal ticket As String) As Boolean
    Dim i As Long

    IsTicket = Len(ticket) > 0
    For i = 1 To Len(ticket)
        If Mid$(ticket, i, 1) < "!" Or Mid$(ticket, i, 1) > "~" Then IsTicket = False
        If InStr(1, """\", Mid$(ticket, i, 1), vbBinaryCompare) > 0 Then IsTicket = False
    Next i
End Function

' ---- what the operator sees ------------------------------------------------------------------------

Private Sub ShowLine(ByVal label As String, ByVal text As String)
    LineList.AddItem label & ": " & text
    LineList.ListIndex = LineList.ListCount - 1
End Sub

Private Sub ShowResult(ByVal label As String, ByVal result As SequraResult)
    ShowLine label, SqStatusName(result.Status) & " " & result.OrderState & "; next: " & result.NextStep
    ShowLine "operator", result.OperatorMessage
End Sub

' Err is the error that the calling procedure has caught.
Private Sub ShowFailure(ByVal label As String)
    ShowLine label, Err.Description
    If Err.Number = vbObjectError + SQ_OUTCOME_UNKNOWN Then
        ShowLine label, "Neither on nor off: keep the goods, take no other payment, and finish it later."
    End If
End Sub

' 38290 EUR as people write them: 382,90 EUR.
Private Function Price(ByVal result As SequraResult) As String
    Price = Format$(result.Cents("/order/amount") * 0.01@, "#,##0.00") & " " & result.Value("/order/currency")
End Function
