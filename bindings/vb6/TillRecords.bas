Attribute VB_Name = "TillRecords"
Option Explicit

' What the shop's office and support look at and do: the transaction log, the payouts, the delivery report,
' the account, the self-test.

' ---- the transaction log ---------------------------------------------------------------------------

Private Const ENTRIES As String = "/data/entries"

' What was asked of seQura and what it said, of one sale or of all (named is ""): what needs attention
' first, with seQura's words and what can be done, then the newest, 20 entries in all. Nothing is sent.
Public Sub ShowLog(ByVal named As String)
    Dim query As New SequraOrder
    Dim log As SequraResult
    Dim i As Long

    ' A query is JSON too, and the builder of orders writes any.
    query.Start Sequra
    query.SetNumber "/limit", 20
    If named <> "" Then query.SetText "/order", named
    Set log = Sequra.LogEntries(query.Json)
    Do While FieldAt(log, ENTRIES, i, "id") <> ""
        ShowLogEntry log, i
        i = i + 1
    Loop
    If i = 0 Then ShowLine "log", "nothing"
End Sub

Private Sub ShowLogEntry(ByVal log As SequraResult, ByVal index As Long)
    Dim sale As String
    Dim wanting As Boolean

    ' By its ticket number, or by its uuid while it has none. A delivery report is about no order.
    sale = FieldAt(log, ENTRIES, index, "order/order_ref_1")
    If sale = "" Then sale = FieldAt(log, ENTRIES, index, "order/uuid")
    wanting = (FieldAt(log, ENTRIES, index, "needs_attention") = "true")
    ShowLine IIf(wanting, "attention", "log"), FieldAt(log, ENTRIES, index, "id") & After(" ", sale) & " " _
        & FieldAt(log, ENTRIES, index, "operation") & " " & FieldAt(log, ENTRIES, index, "status") _
        & After(", HTTP ", FieldAt(log, ENTRIES, index, "http/status"))
    If FieldAt(log, ENTRIES, index, "description") <> "" Then
        ShowLine "", FieldAt(log, ENTRIES, index, "description")
    End If
    If wanting Then ShowActions log, index
End Sub

' What can be done about an entry: a word of NextStep, and to dismiss it.
Private Sub ShowActions(ByVal log As SequraResult, ByVal index As Long)
    Dim words As String
    Dim i As Long

    Do While FieldAt(log, ENTRIES, index, "actions/" & CStr(i)) <> ""
        words = words & IIf(i = 0, "", ", or ") & FieldAt(log, ENTRIES, index, "actions/" & CStr(i))
        i = i + 1
    Loop
    If i > 0 Then ShowLine "", "to do: " & words
End Sub

' An entry has been seen to.
Public Sub DismissEntry(ByVal entryId As String)
    If Not IsNumber(entryId) Then Refuse "the number of an entry of the log"
    ShowResult "dismiss", Sequra.LogDismiss(CCur(entryId))
End Sub

' ---- the payouts -----------------------------------------------------------------------------------

' The settled sales, held against what seQura has paid out.
Public Sub ShowPayouts()
    Dim answer As SequraResult

    On Error GoTo Failed
    Set answer = Sequra.Reconcile()
    ShowResult "reconcile", answer
Rows:
    On Error GoTo 0
    ShowKind answer, "paid", "/data/paid", " ", ""
    ShowKind answer, "differing", "/data/differing", " ", ", but paid "
    ShowKind answer, "not paid", "/data/not_yet_paid", " ", ""
    ' Paid, and sold by another till.
    ShowKind answer, "unknown", "/data/unknown_here", "", " "
    Exit Sub
Failed:
    ' It compares with what was read before.
    Set answer = ShowFailure("reconcile")
    Resume Rows
End Sub

' The entries of one kind: each with what is owed and what was paid, where it says how these begin.
Private Sub ShowKind(ByVal answer As SequraResult, ByVal label As String, ByVal sales As String, _
    ByVal owed As String, ByVal paid As String)

    Dim words As String
    Dim i As Long

    Do While FieldAt(answer, sales, i, "order_ref_1") <> ""
        words = words & IIf(i = 0, "", "; ") & FieldAt(answer, sales, i, "order_ref_1")
        If owed <> "" Then words = words & owed & SumOf(answer, sales, i, "amount")
        If paid <> "" Then words = words & paid & SumOf(answer, sales, i, "paid")
        i = i + 1
    Loop
    If i > 0 Then ShowLine label, words
End Sub

Private Function SumOf(ByVal answer As SequraResult, ByVal sales As String, ByVal index As Long, _
    ByVal field As String) As String

    SumOf = Money(FieldAt(answer, sales, index, field)) & " " & FieldAt(answer, sales, index, "currency")
End Function

' ---- the delivery report ---------------------------------------------------------------------------

' Tells seQura what was shipped since the last time: once a day, even if it is nothing.
Public Sub SendReport()
    Const REPORTS As String = "/data/reports"
    Dim answer As SequraResult
    Dim i As Long

    On Error GoTo Failed
    Set answer = Sequra.SendDeliveryReport()
    ShowResult "report", answer
Rows:
    On Error GoTo 0
    Do While FieldAt(answer, REPORTS, i, "merchant_id") <> ""
        ShowLine "told", FieldAt(answer, REPORTS, i, "merchant_id") _
            & After(", orders shipped: ", FieldAt(answer, REPORTS, i, "orders")) _
            & After(": ", FieldAt(answer, REPORTS, i, "status"))
        i = i + 1
    Loop
    Exit Sub
Failed:
    ' One merchant's failure does not keep the others' from being sent.
    Set answer = ShowFailure("report")
    Resume Rows
End Sub

' ---- the account, the self-test --------------------------------------------------------------------

' Does seQura know this shop, and what may its shoppers choose from?
Public Sub ShowAccount()
    Const MERCHANTS As String = "/data/merchants"
    Const METHODS As String = "/data/methods"
    Dim answer As SequraResult
    Dim i As Long

    Set answer = Sequra.CheckCredentials()
    ShowResult "credentials", answer
    Do While FieldAt(answer, MERCHANTS, i, "id") <> ""
        ShowLine "merchant", FieldAt(answer, MERCHANTS, i, "id") _
            & After(" in ", FieldAt(answer, MERCHANTS, i, "country"))
        i = i + 1
    Loop
    Set answer = Sequra.PaymentMethods()
    i = 0
    Do While FieldAt(answer, METHODS, i, "product") <> ""
        ShowLine "method", FieldAt(answer, METHODS, i, "product") _
            & After(" ", FieldAt(answer, METHODS, i, "title")) _
            & After(", from ", Money(FieldAt(answer, METHODS, i, "min_amount"))) _
            & After(", up to ", Money(FieldAt(answer, METHODS, i, "max_amount")))
        i = i + 1
    Loop
End Sub

' Does everything that a sale needs work on this machine?
Public Sub TestMachine()
    Const TESTS As String = "/data/tests"
    Dim answer As SequraResult
    Dim i As Long

    On Error GoTo Failed
    Set answer = Sequra.SelfTest()
    ShowResult "self-test", answer
Rows:
    On Error GoTo 0
    Do While FieldAt(answer, TESTS, i, "name") <> ""
        ShowLine IIf(FieldAt(answer, TESTS, i, "ok") = "true", "well", "NOT WELL"), _
            FieldAt(answer, TESTS, i, "name") _
            & After(", of ", FieldAt(answer, TESTS, i, "detail/host")) _
            & After(", seconds fast: ", FieldAt(answer, TESTS, i, "detail/skew_s")) _
            & After(", ms for a durable write: ", FieldAt(answer, TESTS, i, "detail/durable_write_ms"))
        i = i + 1
    Loop
    Exit Sub
Failed:
    ' It has all the rows; why one failed is among the errors, or the warnings.
    Set answer = ShowFailure("self-test")
    Resume Rows
End Sub
