/// <summary>Waiting for the shopper where the shop has agreed with seQura that the till may ask again and again
/// (--wait): a decent till begins with pauses of five seconds, makes them longer, and comes to an end.</summary>
unit TillWait;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

interface

type
  TWait = class
  private
    FMs, FWaited, FPause: Integer;
  public
    constructor Create(Seconds: Integer);
    /// <summary>Waits until the next round. False: that was the last one, or the operator has pressed
    /// Enter.</summary>
    function ForRound: Boolean;
  end;

implementation

uses
  {$IFDEF MSWINDOWS}Windows,{$ELSE}BaseUnix,{$ENDIF} SysUtils, SequraPos, TillScreen;

const
  FirstPause = 5000;
  LongestPause = 60000;
  Moment = 100;

constructor TWait.Create(Seconds: Integer);
begin
  inherited Create;
  FMs := Seconds * 1000;
  FPause := FirstPause;
end;

{$IFDEF MSWINDOWS}
{ Waits a moment; whether the operator has pressed Enter meanwhile. }
function IsEnterPressed: Boolean;
var
  Keys: THandle;
  Entry: TInputRecord;
  Count: DWORD;
begin
  Result := False;
  Sleep(Moment);
  Keys := GetStdHandle(STD_INPUT_HANDLE);
  Count := 0;
  while not Result and GetNumberOfConsoleInputEvents(Keys, Count) and (Count > 0)
    and ReadConsoleInput(Keys, Entry, 1, Count) do
    Result := (Entry.EventType = KEY_EVENT) and Entry.Event.KeyEvent.bKeyDown
      and (Entry.Event.KeyEvent.wVirtualKeyCode = VK_RETURN);
end;
{$ELSE}
var
  IsNobodyThere: Boolean = False;

{ Waits a moment; whether the operator has pressed Enter meanwhile. }
function IsEnterPressed: Boolean;
var
  Keys: TFDSet;
begin
  Result := False;
  fpFD_ZERO(Keys);
  fpFD_SET(0, Keys);
  if IsNobodyThere then
    Sleep(Moment)
  else if fpSelect(1, @Keys, nil, nil, Moment) > 0 then
  begin
    Result := not Eof(Input);
    IsNobodyThere := not Result;
    if Result then
      ReadLn;
  end;
end;
{$ENDIF}

function TWait.ForRound: Boolean;
var
  Till: Integer;
begin
  if FWaited = 0 then
  begin
    Say('waiting', 'for the shopper, up to ' + TSequraText(IntToStr(FMs div 1000)) + ' s; Enter stops it');
    Flush(Output);
  end;
  Result := FWaited < FMs;
  Till := FWaited + FPause;
  if Till > FMs then
    Till := FMs;
  while Result and (FWaited < Till) do
  begin
    Result := not IsEnterPressed;
    Inc(FWaited, Moment);
  end;
  FPause := FPause + FPause div 2;
  if FPause > LongestPause then
    FPause := LongestPause;
end;

end.
