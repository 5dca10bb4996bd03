Attribute VB_Name = "FirstSale"
Option Explicit

' FirstSale.exe CONFIG ORDER.json TICKET: what an earlier run was killed in, and then one sale, from the
' solicitation to the reference. Run again with the same ticket number, it goes on where it stopped.
' Office has no command line: call Sell there, after what comes before it in Main.
'
' CONFIG says "text_encoding": "windows-1252", and ORDER.json is in Windows-1252 too.

' A line for each sale, its order's URL and its ticket number: a real till has a table for this. The last
' line of a ticket number is the one that counts.
Private Const BOOK As String = "sales.txt"
Private Const ORDERS As String = "/data/orders/"

Private mTill As SequraClient
' What became of the orders that were unfinished.
Private mSaid As String

Public Sub Main()
    Dim words As Variant

    words = Split(Command$, " ")
    If UBound(words) <> 2 Then
        MsgBox "usage: FirstSale CONFIG ORDER.json TICKET"
        Exit Sub
    End If
    On Error GoTo NotSold
    Set mTill = New SequraClient
    SqLoadLibrary App.Path                              ' in Office: ThisWorkbook.Path
    mTill.OpenFile words(0)
    RecoverAll
    Sell FileText(words(1)), words(2)
    Exit Sub
NotSold:
    ShowFailure                                         ' or not yet: keep the goods
End Sub

Private Sub Sell(ByVal order As String, ByVal ticket As String)
    Dim url As String
    Dim stands As SequraResult

    url = FindInBook(ticket, 1)
    If url <> "" Then Set stands = mTill.Recover(url) Else Set stands = New SequraResult
    If stands.NextStep = SQ_NEXT_RESTART_CHECKOUT Then
        mTill.Abandon url                               ' seQura has said no to that basket
        url = ""
    End If
    If url = "" Then
        Set stands = mTill.StartSolicitation(order)
        url = stands.OrderUrl
        WriteIntoBook url, ticket                       ' before anything reaches the shopper
    End If
    If stands.NextStep = SQ_NEXT_SEND_FORM Then
        Set stands = mTill.SendForm(url, "pp3")         ' an SMS to the shopper
    End If
    If stands.NextStep = SQ_NEXT_CONFIRM Then
        If MsgBox("Approved on the shopper's phone?", vbYesNo) <> vbYes Then Exit Sub
        Set stands = mTill.Confirm(url, order)          ' the order as it is now
    End If
    If IsSold(stands.OrderState) Then Set stands = Complete(stands, ticket)
    ' It says so when the goods may be handed over: in SQ_STATE_SETTLED, and only then.
    MsgBox stands.OperatorMessage
End Sub

' seQura has confirmed the order: the sale is completed, and seQura is told its ticket number.
Private Function Complete(ByVal confirmed As SequraResult, ByVal ticket As String) As SequraResult
    MsgBox ticket & " is completed in the till's own books."
    Set Complete = confirmed
    If confirmed.NextStep = SQ_NEXT_SET_ORDER_REF Then Set Complete = mTill.SetOrderRef(confirmed.OrderUrl, ticket)
End Function

Private Function IsSold(ByVal state As String) As Boolean
    IsSold = (state = SQ_STATE_CONFIRMED Or state = SQ_STATE_SETTLED)
End Function

Private Sub RecoverAll()
    Dim list As SequraResult
    Dim i As Long

    Set list = AskAgain()
    Do While list.Has(ORDERS & CStr(i))
        Finish list, ORDERS & CStr(i)
        i = i + 1
    Loop
    ' What waits for somebody now.
    Set list = mTill.Pending()
    i = 0
    Do While list.Has(ORDERS & CStr(i))
        Say list, ORDERS & CStr(i), list.Value(ORDERS & CStr(i) & "/state")
        i = i + 1
    Loop
    If mSaid <> "" Then MsgBox mSaid
End Sub

' Where seQura is out of reach, the rest keeps, and stops no other sale.
Private Function AskAgain() As SequraResult
    On Error GoTo NotAll
    Set AskAgain = mTill.Recover()
    Exit Function
NotAll:
    ShowFailure
    Set AskAgain = mTill.Failed
End Function

' Says what became of an order that had no answer, and finishes it where nobody has to be asked.
Private Sub Finish(ByVal list As SequraResult, ByVal place As String)
    Dim url As String
    Dim ticket As String

    On Error GoTo NotFinished
    Say list, place, list.Value(place & "/was") & ", now " & list.Value(place & "/now")
    url = list.ValueOrEmpty(place & "/url")
    ticket = FindInBook(url, 0)
    If ticket <> "" And IsSold(list.Value(place & "/now")) Then
        MsgBox Complete(mTill.Recover(url), ticket).OperatorMessage
    ElseIf ticket = "" And list.Value(place & "/was") = SQ_STATE_SOLICITING _
        And list.Value(place & "/now") = SQ_STATE_SOLICITED Then
        mTill.Abandon url                               ' nobody has its form: the basket is sold anew
    End If
    Exit Sub
NotFinished:
    ShowFailure
End Sub

Private Sub Say(ByVal list As SequraResult, ByVal place As String, ByVal state As String)
    Dim named As String

    named = FindInBook(list.ValueOrEmpty(place & "/url"), 0)
    If named = "" Then named = "an order (" & list.ValueOrEmpty(place & "/url") & ")"
    mSaid = mSaid & named & ": " & state & "; next: " & list.Value(place & "/next") & Problems(list, place & "/errors")
End Sub

' Every problem, with its place in the order or in the configuration.
Private Function Problems(ByVal result As SequraResult, ByVal list As String) As String
    Dim words As String
    Dim i As Long

    Do While result.Has(list & "/" & CStr(i))
        words = words & vbCrLf & result.Value(list & "/" & CStr(i) & "/code") & " at " _
            & result.ValueOrEmpty(list & "/" & CStr(i) & "/pointer") & ": " _
            & result.Value(list & "/" & CStr(i) & "/message")
        i = i + 1
    Loop
    Problems = words & vbCrLf
End Function

' The error that the calling procedure has caught.
Private Sub ShowFailure()
    Dim words As String
    Dim number As Long

    words = Err.Description
    number = Err.Number
    If Not mTill.Failed Is Nothing Then
        If vbObjectError + mTill.Failed.Status = number Then words = words & Problems(mTill.Failed, "/errors")
    End If
    MsgBox words
End Sub

Private Sub WriteIntoBook(ByVal url As String, ByVal ticket As String)
    Dim file As Integer

    file = FreeFile
    Open BOOK For Append As #file
    Print #file, url & " " & ticket
    Close #file
End Sub

' The other word of the line that has this one at its place, 0 or 1; "" where there is none.
Private Function FindInBook(ByVal wanted As String, ByVal place As Long) As String
    Dim entry As Variant
    Dim words As Variant

    For Each entry In Split(FileText(BOOK), vbCrLf)
        words = Split(entry, " ", 2)
        If UBound(words) = 1 Then
            If words(place) = wanted Then FindInBook = words(1 - place)
        End If
    Next entry
End Function

' A whole file; "" where there is none.
Private Function FileText(ByVal path As String) As String
    Dim file As Integer
    Dim text As String

    If Len(Dir$(path)) = 0 Then Exit Function
    file = FreeFile
    Open path For Binary Access Read As #file
    text = Space$(LOF(file))
    Get #file, , text
    Close #file
    FileText = text
End Function
