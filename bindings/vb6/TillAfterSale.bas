Attribute VB_Name = "TillAfterSale"
Option Explicit

' After the sale: goods go out, come back, are not wanted any more. seQura is always told the complete
' present state of the order; the library computes it from its journal, and says what may not be.
'
'     book: changing ---> the call ---> what does the library's journal say? ---> book
'
' The book is written before the change is asked for and after it, as the library does it in its journal.
' A till that dies in between finds "changing" in its book when it is started again, and does the last two
' steps: it need not know how far it had come.
'
' A sale is named by its ticket number; the order's URL or uuid will do. Goods are written as
' "CAS-07=1 BIC-20": one of these, and all that is left of those; no goods: everything.

Public Sub ShipGoods(ByVal named As String, ByVal goods As String)
    ChangeSale SQ_OPERATION_SHIP, named, ItemsJson(goods)
End Sub

Public Sub RefundGoods(ByVal named As String, ByVal goods As String)
    Dim items As String

    items = ItemsJson(goods)
    If items <> "" Then items = "{""items"":" & items & "}"
    ChangeSale SQ_OPERATION_REFUND, named, items
End Sub

' So much is paid back, and the goods stay with the shopper.
Public Sub RefundAmount(ByVal named As String, ByVal cents As String, ByVal reason As String)
    Dim builder As New SequraOrder

    If Not IsNumber(cents) Then Refuse "an amount is whole cents: 500 is 5,00"
    builder.Start Sequra
    builder.SetNumber "/amount", CCur(cents)
    If reason <> "" Then builder.SetText "/reason", reason
    ChangeSale SQ_OPERATION_REFUND, named, builder.Json
End Sub

Public Sub CancelSale(ByVal named As String, ByVal reason As String)
    ChangeSale SQ_OPERATION_CANCEL, named, reason
End Sub

' Carts, addresses, trackings, as JSON in a file: what is left out stays as it is.
Public Sub UpdateSale(ByVal named As String, ByVal path As String)
    Dim changes As String

    changes = FileText(path)
    If changes = "" Then Refuse "cannot read " & path
    ChangeSale SQ_OPERATION_UPDATE_ORDER, named, changes
End Sub

' ---- changing it -----------------------------------------------------------------------------------

Private Sub ChangeSale(ByVal operation As String, ByVal named As String, ByVal asked As String)
    Dim before As SequraResult
    Dim answer As SequraResult

    ' Only a settled order can be changed. Of any other, the call itself says why not.
    Set before = Known(named)
    If before.OrderState = SQ_STATE_SETTLED Then
        named = before.OrderUrl
        RecordSale "changing", before.OrderRef1, before
    End If

    On Error GoTo Failed
    Set answer = Ask(operation, named, asked)
    On Error GoTo 0
    ShowResult operation, answer
    NoteChange answer.OrderUrl
    Exit Sub
Failed:
    ShowFailure operation
    If before.OrderState = SQ_STATE_SETTLED Then NoteChange named
End Sub

' What the journal has of the order; an empty result where it has none.
Private Function Known(ByVal named As String) As SequraResult
    On Error Resume Next
    Set Known = New SequraResult
    Set Known = Sequra.OrderInfo(named)
End Function

Private Function Ask(ByVal operation As String, ByVal named As String, ByVal asked As String) As SequraResult
    ' What is not said is NULL, and not an empty text.
    If asked = "" Then asked = vbNullString
    Select Case operation
        Case SQ_OPERATION_SHIP
            Set Ask = Sequra.Ship(named, asked)
        Case SQ_OPERATION_REFUND
            Set Ask = Sequra.Refund(named, asked)
        Case SQ_OPERATION_CANCEL
            Set Ask = Sequra.Cancel(named, asked)
        Case SQ_OPERATION_UPDATE_ORDER
            Set Ask = Sequra.UpdateOrder(named, asked)
    End Select
End Function

' What has become of the sale goes into the book. While a change of it has no answer, the book stays.
Public Sub NoteChange(ByVal named As String)
    Dim info As SequraResult

    Set info = Sequra.OrderInfo(named)
    If info.NextStep = SQ_NEXT_RECOVER Then
        ShowLine "to go on", "finish what is unfinished; or the same change again; or the next one, " _
            & "which takes it along"
    Else
        ShowTotals info
        RecordSale StateOf(info), info.OrderRef1, info
    End If
End Sub

' In the words of the book.
Private Function StateOf(ByVal info As SequraResult) As String
    StateOf = info.ValueOrEmpty("/data/amounts/delivery")
    If info.OrderState = SQ_STATE_CANCELLED Then
        StateOf = "cancelled"
    ElseIf StateOf = "unshipped" Then
        StateOf = "registered"
    ElseIf StateOf = "shipped" And info.ValueOrEmpty("/data/amounts/refunded") <> "0" Then
        StateOf = "partly_refunded"
    End If
End Function

' ---- what is asked for, as JSON: the builder of orders writes any ----------------------------------

Private Function ItemsJson(ByVal goods As String) As String
    Dim items As String
    Dim word As Variant

    For Each word In Split(goods, " ")
        If word <> "" Then items = items & IIf(items = "", "", ",") & ItemJson(word)
    Next word
    If items <> "" Then ItemsJson = "[" & items & "]"
End Function

Private Function ItemJson(ByVal item As String) As String
    Dim builder As New SequraOrder
    Dim equals As Long

    builder.Start Sequra
    equals = InStrRev(item, "=")
    If equals > 0 Then
        If equals = 1 Or Not IsNumber(Mid$(item, equals + 1)) Then Refuse item & " is not like CAS-07=1"
        builder.SetNumber "/quantity", CCur(Mid$(item, equals + 1))
        item = Left$(item, equals - 1)
    End If
    builder.SetText "/reference", item
    ItemJson = builder.Json
End Function

' Digits, and not too many.
Public Function IsNumber(ByVal text As String) As Boolean
    IsNumber = Len(text) > 0 And Len(text) < 10 And Not text Like "*[!0-9]*"
End Function

' ---- where it stands -------------------------------------------------------------------------------

' With its carts and what happened to it. Nothing is sent.
Public Sub ShowSale(ByVal named As String)
    Dim info As SequraResult

    Set info = Sequra.OrderInfo(named)
    ShowResult "info", info
    ShowLine "sale", IIf(info.OrderRef1 <> "", info.OrderRef1, info.OrderUuid) _
        & After(", form ", info.ValueOrEmpty("/data/payment_method/product")) _
        & After(", ", info.ValueOrEmpty("/order/portal_url"))
    ' Once it is confirmed.
    If info.Has("/data/amounts/paid") Then
        ShowTotals info
        ShowCart info, "unshipped", "/data/unshipped_cart/items"
        ShowCart info, "shipped", "/data/shipped_cart/items"
        ShowLine "paid out", Money(info.Value("/data/amounts/paid")) & " " & info.Value("/order/currency")
    End If
    ShowHistory info
End Sub

' The totals of both carts, and what the shopper owes of what was sold.
Private Sub ShowTotals(ByVal info As SequraResult)
    ShowLine "carts", "unshipped " & Money(info.ValueOrEmpty("/data/amounts/unshipped")) _
        & ", shipped " & Money(info.ValueOrEmpty("/data/amounts/shipped")) _
        & "; owed " & Money(info.ValueOrEmpty("/data/amounts/owed")) _
        & " of " & Money(info.ValueOrEmpty("/data/amounts/approved")) _
        & " " & info.ValueOrEmpty("/order/currency")
End Sub

' What is in a cart: "1 BIC-20 349,00; ENV-01 12,90".
Private Sub ShowCart(ByVal info As SequraResult, ByVal label As String, ByVal items As String)
    Dim words As String
    Dim item As String
    Dim i As Long

    Do While FieldAt(info, items, i, "total_with_tax") <> ""
        item = FieldAt(info, items, i, "reference")
        ' Fees may have no reference.
        If item = "" Then item = FieldAt(info, items, i, "type")
        item = LTrim$(FieldAt(info, items, i, "quantity") & " " & item)
        words = words & IIf(words = "", "", "; ") & item _
            & " " & Money(FieldAt(info, items, i, "total_with_tax"))
        i = i + 1
    Loop
    ShowLine label, IIf(words = "", "nothing", words)
End Sub

' What was attempted with it, oldest first: the entries of the transaction log.
Private Sub ShowHistory(ByVal info As SequraResult)
    Const HISTORY As String = "/data/history"
    Dim i As Long

    Do While FieldAt(info, HISTORY, i, "at") <> ""
        ShowLine IIf(i = 0, "history", ""), FieldAt(info, HISTORY, i, "at") & " " _
            & FieldAt(info, HISTORY, i, "operation") & " " & FieldAt(info, HISTORY, i, "status") _
            & After(", HTTP ", FieldAt(info, HISTORY, i, "http/status"))
        i = i + 1
    Loop
End Sub
