/// <summary>The till's own database, as small as one can be: a text file to which one line is added for
/// each step of a sale.</summary>
// Nothing in it is ever changed; the last line of a sale is what it has come to.
//
//     started          R-100  38290 EUR  2025-03-01T17:20:03  http://127.0.0.1:8080/orders/5a1c...
//     completed        R-100  38290 EUR  2025-03-01T17:24:41  http://127.0.0.1:8080/orders/5a1c...
//     registered       R-100  38290 EUR  2025-03-01T17:24:42  http://127.0.0.1:8080/orders/5a1c...
//
// started: seQura has the order, nothing is sold yet. completed: seQura has confirmed it, the sale
// stands. registered: seQura knows the ticket number too; only now may the goods go. Of what is started,
// not all becomes a sale. refused: seQura has said no. abandoned: the shopper left.
//
// After the sale the amount is what the shopper still owes. changing: a change is asked for, and what
// came of it is not known here yet. Then, in this order of a sale's life: registered (nothing has gone),
// partly_shipped, shipped, partly_refunded (all has gone, and some was paid back), refunded (all was).
// cancelled: nothing of it takes place.
//
// A real till has a table for this. What matters is when it is written, see TillSale.pas.
unit TillBook;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

interface

uses
  SysUtils, Classes, SequraPos;

type
  /// <summary>A file of the till's own cannot be used.</summary>
  ETillFile = class(Exception);

  /// <summary>A sale as it stands.</summary>
  TEntry = record
    State, Ticket, Amount, Currency, Time, Url: TSequraText;
  end;
  TEntries = array of TEntry;

  TBook = class
  private
    FFileName: string;
    function EndsInHalfALine: Boolean;
  public
    constructor Create(const FileName: string);
    /// <summary>Adds a line, and has it on the disk before it returns.</summary>
    procedure Add(const State, Ticket, Amount, Currency, Url: TSequraText);
    /// <summary>Every sale as it stands now, oldest first. No file is an empty book.</summary>
    function Read: TEntries;
  end;

/// <summary>The place of the sale with this order URL, or with this uuid at its end; -1 for
/// none.</summary>
function FindEntry(const Entries: TEntries; const UrlOrUuid: TSequraText): Integer;

/// <summary>Is something due for it? Started, completed and not registered yet, or
/// changing.</summary>
function IsOpen(const Entry: TEntry): Boolean;

/// <summary>The last part of an order's URL.</summary>
function UuidOf(const Url: TSequraText): TSequraText;

implementation

{$IFDEF MSWINDOWS}{$IFNDEF FPC}
uses
  Windows;
{$ENDIF}{$ENDIF}

constructor TBook.Create(const FileName: string);
begin
  inherited Create;
  FFileName := FileName;
end;

{ A till that lost its power in the middle of a line leaves half a line. It must not run into the next
  one: it then stands alone, and is passed over when the book is read. }
function TBook.EndsInHalfALine: Boolean;
var
  Stream: TFileStream;
  Last: AnsiChar;
begin
  Result := False;
  if not FileExists(FFileName) then
    Exit;
  Stream := TFileStream.Create(FFileName, fmOpenRead or fmShareDenyNone);
  try
    if Stream.Size > 0 then
    begin
      Stream.Position := Stream.Size - 1;
      Stream.ReadBuffer(Last, 1);
      Result := Last <> #10;
    end;
  finally
    Stream.Free;
  end;
end;

procedure TBook.Add(const State, Ticket, Amount, Currency, Url: TSequraText);
var
  Stream: TFileStream;
  Line: TSequraBytes;
  Mode: Word;
  OnDisk: Boolean;
begin
  try
    Line := TSequraBytes(Format('%-15s  %s  %s %s  %s  %s'#10, [State, Ticket, Amount, Currency,
      FormatDateTime('yyyy-mm-dd"T"hh:nn:ss', Now), Url]));
    if EndsInHalfALine then
      Line := #10 + Line;
    Mode := fmCreate;
    if FileExists(FFileName) then
      Mode := fmOpenReadWrite or fmShareDenyWrite;
    Stream := TFileStream.Create(FFileName, Mode);
    try
      Stream.Seek(0, soFromEnd);
      Stream.WriteBuffer(Line[1], Length(Line));
      OnDisk := {$IFDEF FPC}FileFlush{$ELSE}FlushFileBuffers{$ENDIF}(Stream.Handle);
    finally
      Stream.Free;
    end;
  except
    on E: EStreamError do
      OnDisk := False;
  end;
  if not OnDisk then
    raise ETillFile.Create('cannot write ' + FFileName);
end;

{ Cuts the next word off the line. }
function NextWord(var Line: TSequraText): TSequraText;
var
  Blank: Integer;
begin
  Line := TrimLeft(Line);
  Blank := Pos(' ', Line + ' ');
  Result := Copy(Line, 1, Blank - 1);
  Delete(Line, 1, Blank);
end;

function TBook.Read: TEntries;
var
  Lines: TStringList;
  Line: TSequraText;
  Entry: TEntry;
  Index, Known: Integer;
begin
  Result := nil;
  if not FileExists(FFileName) then
    Exit;
  Lines := TStringList.Create;
  try
    try
      Lines.LoadFromFile(FFileName);
    except
      on E: EStreamError do
        raise ETillFile.Create('cannot read ' + FFileName);
    end;
    { A last line without its end may be half a URL. }
    if EndsInHalfALine then
      Lines.Delete(Lines.Count - 1);
    for Index := 0 to Lines.Count - 1 do
    begin
      Line := Lines[Index];
      Entry.State := NextWord(Line);
      Entry.Ticket := NextWord(Line);
      Entry.Amount := NextWord(Line);
      Entry.Currency := NextWord(Line);
      Entry.Time := NextWord(Line);
      Entry.Url := NextWord(Line);
      if Entry.Url = '' then
        Continue;
      Known := FindEntry(Result, Entry.Url);
      if Known < 0 then
      begin
        Known := Length(Result);
        SetLength(Result, Known + 1);
      end;
      Result[Known] := Entry;
    end;
  finally
    Lines.Free;
  end;
end;

function UuidOf(const Url: TSequraText): TSequraText;
begin
  Result := Copy(Url, LastDelimiter('/', Url) + 1, MaxInt);
end;

function FindEntry(const Entries: TEntries; const UrlOrUuid: TSequraText): Integer;
var
  Index: Integer;
begin
  Result := -1;
  { A whole URL must be the same whole URL: a uuid on somebody else's host is another order. }
  for Index := 0 to High(Entries) do
    if (Entries[Index].Url = UrlOrUuid)
      or ((Pos('/', UrlOrUuid) = 0) and (UuidOf(Entries[Index].Url) = UrlOrUuid)) then
      Result := Index;
end;

function IsOpen(const Entry: TEntry): Boolean;
begin
  Result := (Entry.State = 'started') or (Entry.State = 'completed')
    or (Entry.State = 'changing');
end;

end.
