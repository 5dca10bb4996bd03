Attribute VB_Name = "TillScreen"
Option Explicit

' What the operator sees: the lines of the form that is in front, and a few words of results.

Private mLines As ListBox

' From here on, lines are shown in this list.
Public Sub ShowLinesIn(ByVal lines As ListBox)
    Set mLines = lines
End Sub

Public Sub ShowLine(ByVal label As String, ByVal text As String)
    mLines.AddItem label & ": " & text
    mLines.ListIndex = mLines.ListCount - 1
End Sub

Public Sub ShowResult(ByVal label As String, ByVal result As SequraResult)
    Dim words As String

    words = SqStatusName(result.Status) & After(", HTTP ", result.ValueOrEmpty("/http/status")) _
        & After(": ", result.OrderState)
    If result.NextStep <> SQ_NEXT_NONE Then words = words & After("; next: ", result.NextStep)
    ShowLine label, words
    ShowProblems "", result, "/errors"
    ShowProblems "warning", result, "/warnings"
    ShowMessage result
End Sub

' What the library tells the person at the till.
Public Sub ShowMessage(ByVal result As SequraResult)
    If result.OperatorMessage <> "" Then ShowLine "operator >>", result.OperatorMessage
End Sub

Private Sub ShowProblems(ByVal label As String, ByVal result As SequraResult, ByVal problems As String)
    Dim i As Long

    Do While FieldAt(result, problems, i, "code") <> ""
        ShowLine label, FieldAt(result, problems, i, "code") _
            & After(" at ", FieldAt(result, problems, i, "pointer")) _
            & ": " & FieldAt(result, problems, i, "message")
        i = i + 1
    Loop
End Sub

' Shows the error that the calling procedure has caught. Gives the result that came with it, an empty one
' where the error is none of the library's.
Public Function ShowFailure(ByVal label As String) As SequraResult
    Dim number As Long
    Dim description As String

    number = Err.Number
    description = Err.Description
    Set ShowFailure = New SequraResult
    If Not Sequra.Failed Is Nothing Then
        If vbObjectError + Sequra.Failed.Status = number Then Set ShowFailure = Sequra.Failed
    End If
    If ShowFailure.Status = SQ_OK Then
        ShowLine label, description
    Else
        ShowResult label, ShowFailure
    End If
End Function

' What was typed makes no sense: the button's own error.
Public Sub Refuse(ByVal description As String)
    Err.Raise vbObjectError + 1, "Till", description
End Sub

' Another ticket number from the operator; False where none is given.
Public Function AskTicket(ByVal question As String, ByRef ticket As String) As Boolean
    Dim typed As String

    Do
        typed = InputBox(question, "Till")
        If typed = "" Then Exit Function
    Loop Until IsTicket(typed)
    ticket = typed
    AskTicket = True
End Function

' It goes into the order, the book and the screen as it is.
Public Function IsTicket(ByVal ticket As String) As Boolean
    Dim i As Long

    IsTicket = Len(ticket) > 0
    For i = 1 To Len(ticket)
        If Mid$(ticket, i, 1) < "!" Or Mid$(ticket, i, 1) > "~" Then IsTicket = False
        If InStr(1, """\", Mid$(ticket, i, 1), vbBinaryCompare) > 0 Then IsTicket = False
    Next i
End Function

' ---- words of results ------------------------------------------------------------------------------

' A field of an entry of a list: FieldAt(pending, "/data/orders", 0, "state"); "" where there is none.
Public Function FieldAt(ByVal result As SequraResult, ByVal entries As String, ByVal index As Long, _
    ByVal field As String) As String

    FieldAt = result.ValueOrEmpty(entries & "/" & CStr(index) & "/" & field)
End Function

' The text behind what introduces it; "" where there is none.
Public Function After(ByVal introduction As String, ByVal text As String) As String
    If text <> "" Then After = introduction & text
End Function

' 38290 as people write it: 382,90.
Public Function Money(ByVal cents As String) As String
    If cents <> "" Then Money = Format$(CCur(cents) * 0.01@, "#,##0.00")
End Function
