Attribute VB_Name = "TillSale"
Option Explicit

' What comes after a confirmation that went well, in the sale itself and where it is finished later.

' The till's one client; TillForm opens and closes it.
Public Sequra As SequraClient

' The sale stands: it is completed in the book, and seQura learns its ticket number.
Public Sub CompleteSale(ByVal ticket As String, ByVal confirmed As SequraResult)
    RecordSale "completed", TicketOf(confirmed, ticket), confirmed
    RegisterSale ticket, confirmed
End Sub

' The same when it is completed in the book. Without the number seQura never pays the shop.
Public Sub RegisterSale(ByVal ticket As String, ByVal confirmed As SequraResult)
    Dim settled As SequraResult

    Set settled = confirmed
    If confirmed.OrderState <> SQ_STATE_SETTLED Then
        On Error GoTo Failed
        Set settled = Sequra.SetOrderRef(confirmed.OrderUrl, ticket)
        On Error GoTo 0
        ShowResult "reference", settled
    End If
    ticket = TicketOf(settled, ticket)
    RecordSale "registered", ticket, settled
    ShowLine "receipt", ticket & "  " & Money(settled.Value("/order/amount")) & " " _
        & settled.Value("/order/currency") & "  pagado con seQura  " & settled.OrderUuid
    Exit Sub
Failed:
    If ShowFailure("reference").Status = SQ_DUPLICATE_ORDER_REF Then
        ' The call that failed is made once more, with the other number.
        If AskTicket(ticket & " is another sale's. Another ticket number for this one:", ticket) Then Resume
    End If
    ShowLine "till", "The sale stands and seQura has no ticket number for it: keep the goods until it has."
End Sub

' A settled order has the number that seQura has: it may have been settled long ago.
Private Function TicketOf(ByVal result As SequraResult, ByVal ticket As String) As String
    TicketOf = ticket
    If result.OrderState = SQ_STATE_SETTLED And result.OrderRef1 <> "" Then TicketOf = result.OrderRef1
End Function
