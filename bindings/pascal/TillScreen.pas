/// <summary>The till's screen: what it says to the operator and to the technician.</summary>
unit TillScreen;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

interface

uses
  SequraPos;

/// <summary>Prints a caption and a text, broken at blanks.</summary>
procedure Say(const Caption, Text: TSequraText);

/// <summary>Shows what came of a call: to the technician in a line, to the operator in the till's
/// language.</summary>
procedure Show(const Caption: TSequraText; const Answer: ISequraResult);

procedure ShowProblems(const Caption: TSequraText; const Problems: TSequraProblems);

/// <summary>Shows what the library tells the operator.</summary>
procedure SayToOperator(const Answer: ISequraResult);

/// <summary>Asks the operator. False when nobody is there.</summary>
function AskOperator(const Question: TSequraText; out Reply: TSequraText): Boolean;

/// <summary>A value of a result; empty where there is nothing, or no result.</summary>
function Field(const Answer: ISequraResult; const JsonPointer: TSequraText): TSequraText;

/// <summary>The same in a list: FieldAt(Answer, '/data/orders', 0, 'url').</summary>
function FieldAt(const Answer: ISequraResult; const List: TSequraText; Index: Integer;
  const Name: TSequraText): TSequraText;

/// <summary>A value with something before it; empty where there is none.</summary>
function After(const Before, Value: TSequraText): TSequraText;

/// <summary>A place in a list: actions/3.</summary>
function Place(const List: TSequraText; Index: Integer): TSequraText;

/// <summary>Cents as people write them: 38290 is 382,90.</summary>
function Money(const Cents: TSequraText): TSequraText;

function Price(const Cents, Currency: TSequraText): TSequraText;

implementation

uses
  SysUtils, SequraPosApi;

const
  Columns = 100;
  Indent = 14;

{ Columns that a text takes. In UTF-8, bytes that continue a character take none. }
function Width(const Text: TSequraText): Integer;
{$IFDEF UNICODE}
begin
  Result := Length(Text);
end;
{$ELSE}
var
  Index: Integer;
begin
  Result := 0;
  for Index := 1 to Length(Text) do
    if Ord(Text[Index]) and $C0 <> $80 then
      Inc(Result);
end;
{$ENDIF}

procedure Say(const Caption, Text: TSequraText);
var
  Rest, Word: TSequraText;
  Column, Blank: Integer;
begin
  Write('  ', Caption, StringOfChar(' ', Indent - 2 - Length(Caption)));
  Column := Indent;
  Rest := StringReplace(Text, #10, ' ', [rfReplaceAll]);
  while Rest <> '' do
  begin
    Blank := Pos(' ', Rest + ' ');
    Word := Copy(Rest, 1, Blank - 1);
    Rest := TrimLeft(Copy(Rest, Blank + 1, MaxInt));
    if Column > Indent then
      if Column + 1 + Width(Word) > Columns then
      begin
        WriteLn;
        Write(StringOfChar(' ', Indent));
        Column := Indent;
      end
      else
      begin
        Write(' ');
        Inc(Column);
      end;
    Write(Word);
    Inc(Column, Width(Word));
  end;
  WriteLn;
end;

procedure SayToOperator(const Answer: ISequraResult);
begin
  if Answer.OperatorMessage <> '' then
    Say('operator >>', Answer.OperatorMessage);
end;

procedure ShowProblems(const Caption: TSequraText; const Problems: TSequraProblems);
var
  Index: Integer;
  Line: TSequraText;
begin
  for Index := 0 to High(Problems) do
  begin
    Line := Problems[Index].CodeWord + After(' at ', Problems[Index].JsonPointer);
    Say(Caption, Line + ': ' + Problems[Index].Message);
  end;
end;

procedure Show(const Caption: TSequraText; const Answer: ISequraResult);
var
  Line: TSequraText;
begin
  Line := Field(Answer, '/status') + After(', HTTP ', Field(Answer, '/http/status'))
    + After(': ', Field(Answer, '/order/state'));
  if Answer.Next <> nxNone then
    Line := Line + After('; next: ', Field(Answer, '/next'));
  Say(Caption, Line);
  ShowProblems('', Answer.Errors);
  ShowProblems('warning', Answer.Warnings);
  SayToOperator(Answer);
end;

function AskOperator(const Question: TSequraText; out Reply: TSequraText): Boolean;
var
  Line: string;
begin
  Write('  operator ? ', Question, ' ');
  Flush(Output);
  Result := not Eof(Input);
  Line := '';
  if Result then
    ReadLn(Line)
  else
    WriteLn;
  Reply := Line;
end;

function Field(const Answer: ISequraResult; const JsonPointer: TSequraText): TSequraText;
begin
  Result := '';
  if Answer <> nil then
    Answer.TryGet(JsonPointer, Result);
end;

function FieldAt(const Answer: ISequraResult; const List: TSequraText; Index: Integer;
  const Name: TSequraText): TSequraText;
begin
  Result := Field(Answer, Place(List, Index) + '/' + Name);
end;

function After(const Before, Value: TSequraText): TSequraText;
begin
  Result := '';
  if Value <> '' then
    Result := Before + Value;
end;

function Place(const List: TSequraText; Index: Integer): TSequraText;
begin
  Result := List + '/' + TSequraText(IntToStr(Index));
end;

function Money(const Cents: TSequraText): TSequraText;
var
  Value: Int64;
  Euros: string;
  Place: Integer;
begin
  Result := Cents;
  if not TryStrToInt64(string(Cents), Value) then
    Exit;       { not cents: shown as it is }
  Euros := IntToStr(Abs(Value) div 100);
  Place := Length(Euros) - 2;
  while Place > 1 do
  begin
    Insert('.', Euros, Place);
    Dec(Place, 3);
  end;
  if Value < 0 then
    Euros := '-' + Euros;
  Result := TSequraText(Format('%s,%.2d', [Euros, Abs(Value) mod 100]));
end;

function Price(const Cents, Currency: TSequraText): TSequraText;
begin
  Result := Money(Cents) + ' ' + Currency;
end;

end.
