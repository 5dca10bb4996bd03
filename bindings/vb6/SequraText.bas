Attribute VB_Name = "SequraText"
Option Explicit

' What the classes have in common: texts and numbers on their way to the library and back, and what
' can be asked of the library itself.

#If VBA7 Then
Private Declare PtrSafe Function GetACP Lib "kernel32" () As Long
Private Declare PtrSafe Function lstrlenA Lib "kernel32" (ByVal address As LongPtr) As Long
Private Declare PtrSafe Function LoadLibraryEx Lib "kernel32" Alias "LoadLibraryExA" ( _
    ByVal file As String, _
    ByVal reserved As LongPtr, _
    ByVal flags As Long) As LongPtr
Private Declare PtrSafe Sub CopyMemory Lib "kernel32" Alias "RtlMoveMemory" ( _
    ByRef target As Any, _
    ByVal source As LongPtr, _
    ByVal bytes As LongPtr)
#Else
Private Declare Function GetACP Lib "kernel32" () As Long
Private Declare Function lstrlenA Lib "kernel32" (ByVal address As Long) As Long
Private Declare Function LoadLibraryEx Lib "kernel32" Alias "LoadLibraryExA" ( _
    ByVal file As String, _
    ByVal reserved As Long, _
    ByVal flags As Long) As Long
Private Declare Sub CopyMemory Lib "kernel32" Alias "RtlMoveMemory" ( _
    ByRef target As Any, _
    ByVal source As Long, _
    ByVal bytes As Long)
#End If

' The library, once SqLoadLibrary has loaded it.
#If VBA7 Then
Private mLibrary As LongPtr
#Else
Private mLibrary As Long
#End If

' LOAD_WITH_ALTERED_SEARCH_PATH: what the library needs itself is looked for beside it first, and then
' where Windows has its own.
Private Const BESIDE_IT_FIRST As Long = 8

' Errors of the binding's own: Err.Number is vbObjectError + one of these. Nothing was sent.
Public Enum SqOwnError
    SQ_OWN_CLOSED = 901         ' the client is not open, or the order is freed
    SQ_OWN_TEXT = 902           ' a text has Chr$(0) in it, or a letter that Windows' ANSI lacks
    SQ_OWN_NUMBER = 903         ' a number has decimals: amounts are cents
    SQ_OWN_ENCODING = 904       ' text_encoding of the configuration is not Windows' ANSI
    SQ_OWN_LIBRARY = 905        ' sequra_pos.dll is not loaded, or not the one that these modules are of
    SQ_OWN_VALUE = 906          ' a result has nothing at this place
End Enum

Public Sub SqRaise(ByVal number As Long, ByVal description As String)
    Err.Raise vbObjectError + number, "SequraPos", description
End Sub

' Visual Basic would cut the text at its Chr$(0), and write "?" for what ANSI lacks: another text.
Public Sub SqCheckText(ByRef text As String)
    If InStr(1, text, vbNullChar, vbBinaryCompare) > 0 Then
        SqRaise SQ_OWN_TEXT, "a text has Chr$(0) in it"
    End If
    If StrComp(StrConv(StrConv(text, vbFromUnicode), vbUnicode), text, vbBinaryCompare) <> 0 Then
        SqRaise SQ_OWN_TEXT, "a text has a letter that the ANSI of this Windows lacks: " & text
    End If
End Sub

' A whole number as 64 bits: a Currency holds ten-thousandths.
Public Function SqInt64(ByVal whole As Currency) As Currency
    If whole <> Int(whole) Then
        SqRaise SQ_OWN_NUMBER, CStr(whole) & " is not a whole number: amounts are cents"
    End If
    SqInt64 = whole * 0.0001@
End Function

' So many bytes of ANSI at this address.
#If VBA7 Then
Public Function SqTextAt(ByVal address As LongPtr, ByVal length As Long) As String
#Else
Public Function SqTextAt(ByVal address As Long, ByVal length As Long) As String
#End If
    Dim bytes() As Byte

    If length > 0 Then
        ReDim bytes(0 To length - 1)
        CopyMemory bytes(0), address, length
        SqTextAt = StrConv(bytes, vbUnicode)
    End If
End Function

' What text_encoding must be on this machine, as /data/text_encoding of an opening says it.
Public Function SqAnsiEncoding() As String
    If GetACP() = 65001 Then
        SqAnsiEncoding = "UTF-8"
    Else
        SqAnsiEncoding = "windows-" & CStr(GetACP())
    End If
End Function

' ---- the library -----------------------------------------------------------------------------

' Loads sequra_pos.dll from this folder, before all else: SqLoadLibrary App.Path, and in Office
' SqLoadLibrary ThisWorkbook.Path. What stands behind Lib in SequraPos.bas is its name alone, for which
' Windows would look in the current folder and in PATH too; once a library of this name is loaded, it is
' the one that is meant.
Public Sub SqLoadLibrary(ByVal folder As String)
    Dim file As String

    If mLibrary <> 0 Then Exit Sub
    SqCheckText folder
    If Mid$(folder, 2, 2) <> ":\" And Left$(folder, 2) <> "\\" Then
        SqRaise SQ_OWN_LIBRARY, "the folder of sequra_pos.dll is to begin with its drive, not " & folder
    End If
    file = folder & IIf(Right$(folder, 1) = "\", "", "\") & "sequra_pos.dll"
    mLibrary = LoadLibraryEx(file, 0, BESIDE_IT_FIRST)
    If mLibrary = 0 Then
        SqRaise SQ_OWN_LIBRARY, file & " cannot be loaded: Windows' error " & CStr(Err.LastDllError)
    End If
End Sub

' An error unless it is loaded.
Public Sub SqNeedLibrary()
    If mLibrary = 0 Then
        SqRaise SQ_OWN_LIBRARY, "SqLoadLibrary with the folder of sequra_pos.dll comes before all else"
    End If
End Sub

Public Sub SqCheckLibrary()
    Dim abi As Long

    SqNeedLibrary
    abi = sq_abi_version()
    If abi <> SQ_ABI Then
        SqRaise SQ_OWN_LIBRARY, "sequra_pos.dll has ABI " & CStr(abi) & ", not " & CStr(SQ_ABI)
    End If
End Sub

Public Function SqVersion() As String
#If VBA7 Then
    Dim address As LongPtr
#Else
    Dim address As Long
#End If

    SqNeedLibrary
    address = sq_version()
    SqVersion = SqTextAt(address, lstrlenA(address))
End Function

' JSON.
Public Function SqBuildInfo() As String
#If VBA7 Then
    Dim address As LongPtr
#Else
    Dim address As Long
#End If

    SqNeedLibrary
    address = sq_build_info()
    SqBuildInfo = SqTextAt(address, lstrlenA(address))
End Function

Public Function SqStatusName(ByVal status As Long) As String
#If VBA7 Then
    Dim address As LongPtr
#Else
    Dim address As Long
#End If

    SqNeedLibrary
    address = sq_status_name(status)
    SqStatusName = SqTextAt(address, lstrlenA(address))
End Function

Public Function SqStatusClass(ByVal status As Long) As Long
    SqNeedLibrary
    SqStatusClass = sq_status_class(status)
End Function

' 0 when every client, order and result is gone.
Public Function SqLiveHandles() As Long
    SqNeedLibrary
    SqLiveHandles = sq_live_handles() * 10000@
End Function
