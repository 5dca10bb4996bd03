Attribute VB_Name = "TillBook"
Option Explicit

' The till's own book: a text file to which one line is added for each step of a sale. Nothing in it is
' ever changed; the last line of a sale is what it has come to.
'
'     started R-100 38290 EUR 2025-03-01T17:20:03 http://127.0.0.1:8080/orders/5a1c...
'     completed R-100 38290 EUR 2025-03-01T17:24:41 http://127.0.0.1:8080/orders/5a1c...
'     registered R-100 38290 EUR 2025-03-01T17:24:42 http://127.0.0.1:8080/orders/5a1c...
'
' started: seQura has the order, nothing is sold yet. completed: seQura has confirmed it, the sale stands.
' registered: seQura knows the ticket number too; only now may the goods go. Of what is started, not all
' becomes a sale. refused: seQura has said no. abandoned: the shopper left.
'
' After the sale the amount is what the shopper still owes. changing: a change is asked for, and what came
' of it is not known here yet. Then, in this order of a sale's life: registered (nothing has gone),
' partly_shipped, shipped, partly_refunded (all has gone, and some was paid back), refunded (all was).
' cancelled: nothing of it takes place.
'
' A real till has a table for this, and knows that it is on the disk before it goes on.

Private Function BookFile() As String
    BookFile = App.Path & "\sales.txt"
End Function

Public Sub RecordSale(ByVal state As String, ByVal ticket As String, ByVal result As SequraResult)
    Dim before As String
    Dim book As Integer

    ' A line that a power cut left unfinished must not run into this one.
    before = FileText(BookFile())
    book = FreeFile
    Open BookFile() For Append As #book
    If before <> "" And Right$(before, 2) <> vbCrLf Then Print #book, ""
    Print #book, state & " " & ticket & " " & result.Value("/order/amount") & " " _
        & result.Value("/order/currency") & " " & Format$(Date, "yyyy-mm-dd") & "T" _
        & Format$(Time, "hh:nn:ss") & " " & result.OrderUrl
    Close #book
    ShowLine "book", ticket & " is now " & state
End Sub

' Every sale as it stands now: TillEntry.
Public Function AllSales() As Collection
    Dim bookLines As Variant
    Dim words As Variant
    Dim entry As TillEntry
    Dim i As Long

    Set AllSales = New Collection
    bookLines = Split(FileText(BookFile()), vbCrLf)
    ' The last one has no end: nothing, or what a power cut left of a line.
    For i = 0 To UBound(bookLines) - 1
        words = Split(bookLines(i), " ")
        If UBound(words) = 5 Then
            Set entry = New TillEntry
            entry.State = words(0)
            entry.Ticket = words(1)
            entry.Price = Money(words(2)) & " " & words(3)
            entry.Url = words(5)
            Forget AllSales, entry.Url
            AllSales.Add entry, entry.Url
        End If
    Next i
End Function

' What an earlier line says of the sale, if there is one.
Private Sub Forget(ByVal sales As Collection, ByVal url As String)
    On Error Resume Next
    sales.Remove url
End Sub

' Those that something is due for.
Public Function OpenSales() As Collection
    Dim entry As TillEntry

    Set OpenSales = New Collection
    For Each entry In AllSales()
        If entry.IsOpen Then OpenSales.Add entry
    Next entry
End Function

' The last sale with this ticket number, order URL, or uuid at the URL's end; Nothing where there is none.
Public Function FindSale(ByVal named As String) As TillEntry
    Dim entry As TillEntry

    For Each entry In AllSales()
        If entry.Ticket = named Or entry.Url = named Or Right$(entry.Url, Len(named) + 1) = "/" & named Then
            Set FindSale = entry
        End If
    Next entry
End Function

' A whole file; "" where there is none.
Public Function FileText(ByVal path As String) As String
    Dim file As Integer
    Dim text As String

    If Len(Dir$(path)) > 0 Then
        file = FreeFile
        Open path For Binary Access Read As #file
        text = Space$(LOF(file))
        Get #file, , text
        Close #file
    End If
    FileText = text
End Function
