{ FirstSale CONFIG-FILE ORDER-AS-JSON TICKET: one sale, from the solicitation to the reference. }
program FirstSale;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}
{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  SysUtils, SequraPos, SequraPosApi;

procedure Sell(const Basket, Ticket: TSequraText);
var
  Till: TSequraClient;
  Sold: ISequraResult;
  Url: TSequraText;
begin
  Till := TSequraClient.CreateFromFile(TSequraText(ParamStr(1)));
  try
    Url := Till.StartSolicitation(Basket).OrderUrl;      { keep it with the sale }
    Till.SendForm(Url, 'pp3');                           { an SMS to the shopper }
    WriteLn('Approved on the shopper''s phone? Then press Enter.');
    ReadLn;
    Sold := Till.Confirm(Url, Basket);                   { the order as it is now }
    WriteLn(Ticket, ' is completed in the till''s own books.');
    if Sold.OrderState <> osSettled then
      Sold := Till.SetOrderRef(Url, Ticket);
    WriteLn(Sold.OperatorMessage);                       { now hand over the goods }
  finally
    Till.Free;
  end;
end;

begin
  try
    Sell(TSequraText(ParamStr(2)), TSequraText(ParamStr(3)));
  except
    on E: ESequra do      { not sold, or not yet: keep the goods }
    begin
      WriteLn(E.OperatorMessage);
      ExitCode := 1;
    end;
  end;
end.
