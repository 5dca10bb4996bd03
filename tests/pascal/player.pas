{ The player: does what the lines of tests/bindings ask for, through the classes of SequraPos. Compiled
  with string as AnsiString it is of kind "bytes", as Delphi 7 is; with UnicodeString "unicode". }
program player;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

uses
  {$IFDEF UNICODE}cwstring,{$ENDIF} SysUtils, Classes, SequraPos, SequraPosApi;

type
  TLine = RawByteString;
  { A request's fields; an empty one and NULL are the same to the binding. }
  TFields = array of TSequraText;

  { What names stand for: clients and orders. }
  TNames = class
  private
    FNames: TStringList;
  public
    constructor Create;
    destructor Destroy; override;
    procedure Put(const Name: TSequraText; One: TObject);
    function Client(const Name: TSequraText): TSequraClient;
    function Order(const Name: TSequraText): TSequraOrder;
  end;

var
  Names: TNames;
  Last: ISequraResult;
  Input: TLine;

{ ---- lines ---- }

{$IFDEF UNICODE}
function Encoded(const Text: TSequraText): TLine;
begin
  Result := UTF8String(Text);
end;

function Decoded(const Line: TLine): TSequraText;
var
  Bytes: TLine;
begin
  Bytes := Line;
  SetCodePage(Bytes, 65001, False);
  Result := TSequraText(Bytes);
end;
{$ELSE}
function Encoded(const Text: TSequraText): TLine;
begin
  Result := Text;
end;

function Decoded(const Line: TLine): TSequraText;
begin
  Result := Line;
end;
{$ENDIF}

{ Reads bytes up to the end of a line, whatever they are. False at the end of the input. }
function ReadLine(out Line: TLine): Boolean;
var
  Piece: AnsiString;
  Got, Ends: Integer;
begin
  Ends := Pos(#10, Input);
  while Ends = 0 do
  begin
    SetLength(Piece, 65536);
    Got := FileRead(StdInputHandle, Piece[1], Length(Piece));
    Result := Got > 0;
    if not Result then
      Exit;
    SetLength(Piece, Got);
    Ends := Pos(#10, Piece);
    if Ends > 0 then
      Inc(Ends, Length(Input));
    Input := Input + Piece;
  end;
  Line := Copy(Input, 1, Ends - 1);
  Delete(Input, 1, Ends);
  Result := True;
end;

procedure WriteLine(const Line: TLine);
var
  Whole: TLine;
  From, Written: Integer;
begin
  Whole := Line + #10;
  From := 1;
  while From <= Length(Whole) do
  begin
    Written := FileWrite(StdOutputHandle, Whole[From], Length(Whole) - From + 1);
    if Written <= 0 then
      Halt(1);
    Inc(From, Written);
  end;
end;

function Plain(const Field: TLine): TSequraText;
var
  Bytes: TLine;
  From, Upto: Integer;
begin
  Bytes := '';
  if Field <> '\N' then
    Bytes := Field;
  From := 1;
  Upto := 0;
  while From <= Length(Bytes) do
  begin
    Inc(Upto);
    if Bytes[From] = '\' then
    begin
      Inc(From);
      case Bytes[From] of
        't': Bytes[Upto] := #9;
        'n': Bytes[Upto] := #10;
        'r': Bytes[Upto] := #13;
      else
        Bytes[Upto] := Bytes[From];
      end;
    end
    else
      Bytes[Upto] := Bytes[From];
    Inc(From);
  end;
  SetLength(Bytes, Upto);
  Result := Decoded(Bytes);
end;

function Escaped(const Text: TSequraText): TLine;
var
  Bytes: TLine;
  From, Upto: Integer;

  procedure Add(Letter: AnsiChar);
  begin
    Inc(Upto);
    Result[Upto] := Letter;
  end;

begin
  Bytes := Encoded(Text);
  SetLength(Result, 2 * Length(Bytes));
  Upto := 0;
  for From := 1 to Length(Bytes) do
  begin
    if Bytes[From] in ['\', #9, #10, #13] then
      Add('\');
    case Bytes[From] of
      #9: Add('t');
      #10: Add('n');
      #13: Add('r');
    else
      Add(Bytes[From]);
    end;
  end;
  SetLength(Result, Upto);
end;

function FieldsOf(const Line: TLine): TFields;
var
  Tab: Integer;
  Rest: TLine;
begin
  Result := nil;
  Rest := Line + #9;
  while Rest <> '' do
  begin
    Tab := Pos(#9, Rest);
    SetLength(Result, Length(Result) + 1);
    Result[High(Result)] := Plain(Copy(Rest, 1, Tab - 1));
    Delete(Rest, 1, Tab);
  end;
end;

{ ---- names ---- }

constructor TNames.Create;
begin
  inherited Create;
  FNames := TStringList.Create;
  FNames.CaseSensitive := True;
end;

destructor TNames.Destroy;
var
  Index: Integer;
begin
  for Index := 0 to FNames.Count - 1 do
    FNames.Objects[Index].Free;
  FNames.Free;
  inherited Destroy;
end;

procedure TNames.Put(const Name: TSequraText; One: TObject);
var
  Index: Integer;
begin
  Index := FNames.IndexOf(Name);
  if Index < 0 then
    FNames.AddObject(Name, One)
  else
  begin
    FNames.Objects[Index].Free;
    FNames.Objects[Index] := One;
  end;
end;

function TNames.Client(const Name: TSequraText): TSequraClient;
begin
  Result := nil;
  if Name <> '' then
    Result := FNames.Objects[FNames.IndexOf(Name)] as TSequraClient;
end;

function TNames.Order(const Name: TSequraText): TSequraOrder;
begin
  Result := FNames.Objects[FNames.IndexOf(Name)] as TSequraOrder;
end;

{ ---- requests ---- }

function Call(Client: TSequraClient; const Name: TSequraText; const A: TFields): ISequraResult;

  { Fields 0 to 2 are the verb, the client and the function. }
  function Argument(Number: Integer): TSequraText;
  begin
    Result := A[Number + 2];
  end;

begin
  if Client = nil then
    Result := TSequraLibrary.Echo(Argument(1))
  else
    case SequraOperation(AnsiString(Name)) of
      opEcho: Result := Client.Echo(Argument(1));
      opSelfTest: Result := Client.SelfTest;
      opCheckCredentials: Result := Client.CheckCredentials;
      opPaymentMethods: Result := Client.PaymentMethods(Argument(1));
      opCreditAgreements:
        Result := Client.CreditAgreements(StrToInt64(string(Argument(2))), Argument(1), Argument(3));
      opCheckOrder: Result := Client.CheckOrder(Argument(1));
      opStartSolicitation: Result := Client.StartSolicitation(Argument(1));
      opSendForm: Result := Client.SendForm(Argument(1), Argument(2), Argument(3));
      opSendFormBy: Result := Client.SendFormBy(Argument(1), Argument(2), Argument(3), Argument(4));
      opHold: Result := Client.Hold(Argument(1), Argument(2));
      opConfirm: Result := Client.Confirm(Argument(1), Argument(2));
      opSetOrderRef: Result := Client.SetOrderRef(Argument(1), Argument(2), Argument(3));
      opAbandon: Result := Client.Abandon(Argument(1));
      opHandOver: Result := Client.HandOver(Argument(1));
      opTakeOver: Result := Client.TakeOver(Argument(1));
      opResolve: Result := Client.Resolve(Argument(1), Argument(2), Argument(3));
      opOrderInfo: Result := Client.OrderInfo(Argument(1));
      opReceipt: Result := Client.Receipt(Argument(1), StrToInt(string(Argument(2))));
      opDay: Result := Client.Day(Argument(1), Argument(2));
      opUpdateOrder: Result := Client.UpdateOrder(Argument(1), Argument(2));
      opShip: Result := Client.Ship(Argument(1), Argument(2));
      opRefund: Result := Client.Refund(Argument(1), Argument(2));
      opCancel: Result := Client.Cancel(Argument(1), Argument(2));
      opSendDeliveryReport: Result := Client.SendDeliveryReport(Argument(1));
      opPending: Result := Client.Pending;
      opRecover: Result := Client.Recover(Argument(1));
      opDisbursements: Result := Client.Disbursements(Argument(1));
      opReconcile: Result := Client.Reconcile;
      opLog: Result := Client.Log(Argument(1));
      opLogDismiss: Result := Client.LogDismiss(StrToInt64(string(Argument(1))));
    else
      raise Exception.Create('no such function');
    end;
end;

function OfLibrary(const A: TFields): TSequraText;

  function Number: Integer;
  begin
    Result := StrToInt(string(A[2]));
  end;

begin
  if A[1] = 'abi_version' then
    Result := TSequraText(IntToStr(TSequraLibrary.AbiVersion))
  else if A[1] = 'version' then
    Result := TSequraLibrary.Version
  else if A[1] = 'build_info' then
    Result := TSequraLibrary.BuildInfo
  else if A[1] = 'status_name' then
    Result := TSequraLibrary.StatusName(Number)
  else if A[1] = 'status_class' then
    Result := TSequraText(IntToStr(TSequraLibrary.StatusClass(Number)))
  else if A[1] = 'live_handles' then
  begin
    Last := nil;
    Result := TSequraText(IntToStr(TSequraLibrary.LiveHandles));
  end
  else
    raise Exception.Create('no such function');
end;

{ Does what a line asks for; answers with the text of its answer. }
function Done(const A: TFields): TSequraText;
var
  Client: TSequraClient;
begin
  Result := '';
  if (A[0] = 'open') or (A[0] = 'open_file') then
  begin
    if A[0] = 'open' then
      Client := TSequraClient.Create(A[2])
    else
      Client := TSequraClient.CreateFromFile(A[2]);
    Names.Put(A[1], Client);
    Last := Client.Opening;
    Result := Last.Json;
  end
  else if A[0] = 'close' then
    Names.Client(A[1]).Close
  else if A[0] = 'call' then
  begin
    Last := Call(Names.Client(A[1]), A[2], A);
    Result := Last.Json;
  end
  else if A[0] = 'order_new' then
    Names.Put(A[1], TSequraOrder.Create(Names.Client(A[2])))
  else if A[0] = 'order_set_text' then
    Names.Order(A[1]).SetText(A[2], A[3])
  else if A[0] = 'order_set_int' then
    Names.Order(A[1]).SetInt(A[2], StrToInt64(string(A[3])))
  else if A[0] = 'order_set_flag' then
    Names.Order(A[1]).SetFlag(A[2], A[3] = '1')
  else if A[0] = 'order_add_item' then
    Names.Order(A[1]).AddItem(A[2], A[3], A[4], StrToInt64(string(A[5])), StrToInt64(string(A[6])),
      StrToInt64(string(A[7])))
  else if A[0] = 'order_add_measured' then
    Names.Order(A[1]).AddMeasured(A[2], A[3], A[4], A[5], A[6], StrToInt64(string(A[7])))
  else if A[0] = 'order_json' then
    Result := Names.Order(A[1]).Json
  else if A[0] = 'order_free' then
    Names.Order(A[1]).Close
  else if A[0] = 'value' then
    Result := Last.Get(A[1])
  else if A[0] = 'library' then
    Result := OfLibrary(A)
  else
    raise Exception.Create('no such request');
end;

function Answer(const Line: TLine): TLine;
var
  Text: TSequraText;
begin
  try
    Text := Done(FieldsOf(Line));
    Result := '0'#9'-'#9 + Escaped(Text);
  except
    on E: ESequra do
    begin
      Text := TSequraText(E.Message);
      if E.Answer <> nil then
      begin
        Last := E.Answer;
        Text := Last.Json;
      end;
      Result := TLine(IntToStr(E.Status)) + #9 + TLine(E.ClassName) + #9 + Escaped(Text);
    end;
    on E: Exception do
      Result := '-1'#9 + TLine(E.ClassName) + #9 + Escaped(TSequraText(E.Message));
  end;
end;

procedure Play;
var
  Line: TLine;
begin
  {$IFDEF UNICODE}
  WriteLine('ready'#9'Pascal with Unicode'#9'unicode');
  {$ELSE}
  WriteLine('ready'#9'Pascal'#9'bytes');
  {$ENDIF}
  while ReadLine(Line) and (Line <> 'quit') do
    WriteLine(Answer(Line));
end;

begin
  Names := TNames.Create;
  try
    Play;
  finally
    Names.Free;
  end;
end.
