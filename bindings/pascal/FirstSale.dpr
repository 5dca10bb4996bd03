{ FirstSale CONFIG ORDER.json TICKET: one sale, from the solicitation to the reference. Run again with the
  same ticket number, it says how that sale stands. What else a till has to do, Till.dpr does. }
program FirstSale;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}
{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF FPC}{$IFDEF UNIX}{$IFDEF UNICODE}cwstring,{$ENDIF}{$ENDIF}{$ENDIF}
  SysUtils, Classes, SequraPos, SequraPosApi;

function Sell(Till: TSequraClient; const Basket, Ticket: TSequraText): ISequraResult;
var
  Url: TSequraText;
begin
  Url := Till.StartSolicitation(Basket).OrderUrl;      { keep it with the sale }
  Till.SendForm(Url, 'pp3');                           { an SMS to the shopper }
  WriteLn('Approved on the shopper''s phone? Then press Enter.');
  ReadLn;
  Result := Till.Confirm(Url, Basket);                 { the order as it is now }
  WriteLn(Ticket, ' is completed in the till''s own books.');
  if Result.OrderState <> osSettled then
    Result := Till.SetOrderRef(Url, Ticket);
end;

{ How the sale of a ticket number stands that an earlier run has given to seQura; nil: there is none. }
function EarlierSale(Till: TSequraClient; const Ticket: TSequraText): ISequraResult;
begin
  try
    Result := Till.Recover(Ticket);
  except
    on E: ESequra do
    begin
      if E.Status <> SQ_UNKNOWN_ORDER then
        raise;
      Result := nil;
    end;
  end;
end;

{ The file's bytes are UTF-8, which is what the client reads. }
function ReadText(const FileName: string): TSequraText;
var
  Stream: TFileStream;
  Bytes: TSequraBytes;
begin
  Stream := TFileStream.Create(FileName, fmOpenRead or fmShareDenyWrite);
  try
    SetLength(Bytes, Stream.Size);
    if Bytes <> '' then
      Stream.ReadBuffer(Bytes[1], Length(Bytes));
  finally
    Stream.Free;
  end;
  {$IFDEF UNICODE}
  SetCodePage(Bytes, 65001, False);
  {$ENDIF}
  Result := TSequraText(Bytes);
end;

{ Every problem, with its place in the order or in the configuration. }
procedure ShowFailure(Failure: ESequra);
var
  Problems: TSequraProblems;
  Index: Integer;
begin
  WriteLn(Failure.OperatorMessage);
  Flush(Output);
  WriteLn(ErrOutput, Failure.StatusName);
  Problems := Failure.Errors;
  for Index := Low(Problems) to High(Problems) do
    WriteLn(ErrOutput, Problems[Index].CodeWord, ' at ', Problems[Index].JsonPointer, ': ', Problems[Index].Message);
  Flush(ErrOutput);
end;

procedure Run(const Config, OrderFile: string; const Ticket: TSequraText);
var
  Till: TSequraClient;
  Sold: ISequraResult;
  Basket: TSequraText;
begin
  Basket := ReadText(OrderFile);
  Till := TSequraClient.CreateFromFile(TSequraText(Config));
  try
    Sold := EarlierSale(Till, Ticket);
    if Sold = nil then
      Sold := Sell(Till, Basket, Ticket);
    WriteLn(Sold.OperatorMessage);                     { says so when the goods may be handed over }
    if Sold.OrderState <> osSettled then
      ExitCode := 1;
  finally
    Till.Free;
  end;
end;

begin
  ExitCode := 1;
  if ParamCount <> 3 then
    WriteLn(ErrOutput, 'usage: FirstSale CONFIG ORDER.json TICKET')
  else
    try
      ExitCode := 0;
      Run(ParamStr(1), ParamStr(2), TSequraText(ParamStr(3)));
    except
      on E: ESequra do                                 { not sold, or not yet: keep the goods }
      begin
        ShowFailure(E);
        ExitCode := 1;
      end;
      on E: EStreamError do
      begin
        WriteLn(ErrOutput, E.Message);
        ExitCode := 1;
      end;
    end;
end.
