Attribute VB_Name = "TillRecovery"
Option Explicit

' What the till was killed in, or got no answer to, is finished: when it is started, and at a button.
'
' The library's journal knows what seQura was asked, and Recover asks again what has no answer. The book
' knows what the shop has sold, and under which ticket number. Here the book is brought to where the order
' is, with the same steps as in a sale that nothing went wrong in.

Private Const ORDERS As String = "/data/orders"

Public Sub FinishUnfinished()
    Dim recovered As SequraResult
    Dim entry As TillEntry
    Dim i As Long

    Set recovered = AskAgain()
    Do While FieldAt(recovered, ORDERS, i, "now") <> ""
        ShowRecovered recovered, i
        i = i + 1
    Loop
    ' The book too: the till may have been killed when the journal was done and the book was not.
    For Each entry In OpenSales()
        BringUpToDate entry, recovered
    Next entry
End Sub

' seQura out of reach stops no other sale: what could be settled is settled all the same, the rest keeps.
Private Function AskAgain() As SequraResult
    On Error GoTo Failed
    Set AskAgain = Sequra.Recover()
    Exit Function
Failed:
    Set AskAgain = ShowFailure("recover")
End Function

' Says what an order was and is, if it changed, or if somebody has to do something for it.
Private Sub ShowRecovered(ByVal recovered As SequraResult, ByVal index As Long)
    Dim entry As TillEntry
    Dim was As String
    Dim current As String
    Dim words As String
    Dim changing As Boolean

    was = FieldAt(recovered, ORDERS, index, "was")
    current = FieldAt(recovered, ORDERS, index, "now")
    Set entry = FindSale(FieldAt(recovered, ORDERS, index, "url"))
    If Not entry Is Nothing Then changing = (entry.State = "changing")
    If FieldAt(recovered, ORDERS, index, "next") <> SQ_NEXT_NONE Then
        words = "still " & IIf(changing, "changing", current)
    ElseIf changing Then
        ' What came of the change is said when the book is brought up to date.
        Exit Sub
    End If
    If was <> "" And was <> current Then words = was & ", now " & current
    If words = "" Then Exit Sub
    If entry Is Nothing Then
        ShowLine "recover", OrderLine(recovered, index) & " " & words
        SeeToStranger recovered, index
    Else
        ShowEntry "recover", entry, words
    End If
End Sub

' An order that the book does not have. One whose start has just been answered is nobody's: its form was
' never sent, and its basket is sold as a new order. Any other is for the operator: it may be another till's.
Private Sub SeeToStranger(ByVal recovered As SequraResult, ByVal index As Long)
    If FieldAt(recovered, ORDERS, index, "was") = SQ_STATE_SOLICITING _
        And FieldAt(recovered, ORDERS, index, "status") = "SQ_OK" Then

        On Error GoTo Failed
        Call Sequra.Abandon(FieldAt(recovered, ORDERS, index, "url"))
        ShowLine "", "Nobody has its form: it is given up, and the basket is sold as a new order."
    ElseIf FieldAt(recovered, ORDERS, index, "url") <> "" Then
        ShowLine "to go on", "take it up, by the number above"
    End If
    Exit Sub
Failed:
    ShowFailure "abandon"
End Sub

' Writes into the book what has become of the sale, and finishes it where seQura has confirmed it.
Private Sub BringUpToDate(ByVal entry As TillEntry, ByVal recovered As SequraResult)
    Dim current As SequraResult
    Dim index As Long
    Dim sent As String

    Do While FieldAt(recovered, ORDERS, index, "now") <> "" _
        And FieldAt(recovered, ORDERS, index, "url") <> entry.Url
        index = index + 1
    Loop
    ' Still no answer: it has just been tried.
    If FieldAt(recovered, ORDERS, index, "next") = SQ_NEXT_RECOVER Then Exit Sub
    sent = FieldAt(recovered, ORDERS, index, "status")

    On Error GoTo Failed
    ' By its name, for the whole order. Nothing of it waits for an answer now, so nothing is sent.
    Set current = Sequra.Recover(entry.Url)
    If entry.State = "changing" Then
        ShowEntry "recover", entry, "was being changed"
        If sent <> "" And sent <> "SQ_OK" Then ShowWhy current
        NoteChange entry.Url
        Exit Sub
    End If
    Select Case current.OrderState
        Case SQ_STATE_CONFIRMED, SQ_STATE_SETTLED, SQ_STATE_REF_CONFLICTED
            If current.OrderState <> SQ_STATE_CONFIRMED Then ShowMessage current
            If entry.State = "started" Then
                CompleteSale entry.Ticket, current
            Else
                RegisterSale entry.Ticket, current
            End If
        Case SQ_STATE_ABANDONED, SQ_STATE_CANCELLED
            RecordSale current.OrderState, entry.Ticket, current
        Case Else
            If sent = "SQ_CONFLICT" Then
                ShowWhy current
                ShowMessage current
                RecordSale "refused", entry.Ticket, current
            Else
                ShowEntry "waiting", entry, current.OrderState
                ShowLine "to go on", "take it up, by its ticket number"
            End If
    End Select
    Exit Sub
Failed:
    If Err.Number = vbObjectError + SQ_UNKNOWN_ORDER Then
        ShowEntry "recover", entry, "is not in this journal"
    Else
        ShowFailure "recover"
    End If
End Sub

' seQura's own words on what it refused: the library's log has them.
Private Sub ShowWhy(ByVal current As SequraResult)
    Dim entries As SequraResult

    Set entries = Sequra.LogEntries("{""limit"":1,""order"":""" & current.OrderUuid & """}")
    If entries.Has("/data/entries/0/description") Then
        ShowLine "", entries.Value("/data/entries/0/description")
    End If
End Sub

' ---- what is unfinished ----------------------------------------------------------------------------

' In the library's journal, with the money at risk, and in the book. Nothing is sent.
Public Sub ShowUnfinished()
    Dim pending As SequraResult
    Dim entry As TillEntry
    Dim i As Long

    Set pending = Sequra.Pending()
    Do While FieldAt(pending, ORDERS, i, "missing") <> ""
        ShowLine "pending", OrderLine(pending, i) & " " & FieldAt(pending, ORDERS, i, "state") _
            & ": needs " & FieldAt(pending, ORDERS, i, "missing")
        i = i + 1
    Loop
    ShowAtRisk pending
    If i = 0 Then ShowLine "pending", "nothing: every sale with seQura is finished"
    For Each entry In OpenSales()
        ShowEntry "book", entry, entry.State
    Next entry
End Sub

' One sum for each currency and merchant that an order of the list has.
Private Sub ShowAtRisk(ByVal pending As SequraResult)
    Dim pair As String
    Dim said As String
    Dim i As Long

    Do While FieldAt(pending, ORDERS, i, "missing") <> ""
        pair = FieldAt(pending, ORDERS, i, "currency") & "/" & FieldAt(pending, ORDERS, i, "merchant_id")
        If InStr(1, said, "|" & pair & "|", vbBinaryCompare) = 0 And pending.Has("/data/at_risk/" & pair) Then
            ShowLine "at risk", Money(pending.Value("/data/at_risk/" & pair)) & " " _
                & FieldAt(pending, ORDERS, i, "currency")
            said = said & "|" & pair & "|"
        End If
        i = i + 1
    Loop
End Sub

Private Sub ShowEntry(ByVal label As String, ByVal entry As TillEntry, ByVal words As String)
    ShowLine label, entry.Ticket & " " & entry.Price & " " & words
End Sub

' An order of a list: its uuid and its price.
Private Function OrderLine(ByVal result As SequraResult, ByVal index As Long) As String
    OrderLine = FieldAt(result, ORDERS, index, "uuid")
    If OrderLine = "" Then OrderLine = "(its order URL has not come yet)"
    OrderLine = OrderLine & After(" ", Money(FieldAt(result, ORDERS, index, "amount"))) _
        & After(" ", FieldAt(result, ORDERS, index, "currency"))
End Function
