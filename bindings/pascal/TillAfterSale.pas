/// <summary>After the sale: goods go out, come back, are not wanted any more. seQura is always told the
/// complete present state of the order; the library computes it from its journal.</summary>
//
//     book: changing ---> the call ---> what does the library's journal say? ---> book
//
// The book is written before the change is asked for and after it, as the library does it in its
// journal. A till that dies in between finds "changing" in its book when it is started again, and does
// the last two steps: it need not know how far it had come.
unit TillAfterSale;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

interface

uses
  Classes, SequraPos, TillSale;

// Changes of a sale, which is named by its ticket number (the order's URL or uuid will do). An item is
// REFERENCE=QUANTITY, or REFERENCE for all that is left of it; no items: everything.

function Ship(Till: TTill; const Named: TSequraText; Items: TStrings): TOutcome;
function Refund(Till: TTill; const Named: TSequraText; Items: TStrings): TOutcome;
function RefundAmount(Till: TTill; const Named: TSequraText; Cents: Int64;
  const Reason: TSequraText): TOutcome;
function Cancel(Till: TTill; const Named, Reason: TSequraText): TOutcome;
function Update(Till: TTill; const Named: TSequraText; const FileName: string): TOutcome;

function IsItem(const Word: string): Boolean;

/// <summary>Digits, and not too many.</summary>
function IsNumber(const Word: string): Boolean;

/// <summary>What has become of the sale, from the library's journal: says the totals of its carts and
/// writes it into the book. While a change of it has no answer, says so and leaves the book
/// alone.</summary>
function NoteChange(Till: TTill; Sale: TSale): TOutcome;

/// <summary>Shows where a sale stands, with its carts and what happened to it. Nothing is
/// sent.</summary>
function ShowSale(Till: TTill; const Named: TSequraText): TOutcome;

implementation

uses
  SysUtils, SequraPosApi, TillScreen;

type
  { Ship, Refund, Cancel and UpdateOrder of a client. }
  TChange = function(const OrderRef1, Asked: TSequraText): ISequraResult of object;

{ ---- what the sale has come to ---- }

{ In the words of the book. }
function StateOf(const Info: ISequraResult): TSequraText;
begin
  Result := Field(Info, '/data/amounts/delivery');
  if Info.OrderState = osCancelled then
    Result := 'cancelled'
  else if Result = 'unshipped' then
    Result := 'registered'
  else if (Result = 'shipped') and (Field(Info, '/data/amounts/refunded') <> '0') then
    Result := 'partly_refunded';
end;

{ One of the amounts, behind its label; empty when there is none. }
function Amount(const Info: ISequraResult; const Caption, Name: TSequraText): TSequraText;
begin
  Result := Field(Info, '/data/amounts/' + Name);
  if Result <> '' then
    Result := Caption + Money(Result);
end;

{ The totals of both carts, and what the shopper owes of what was sold. }
procedure ShowTotals(const Info: ISequraResult);
begin
  Say('carts', Amount(Info, 'unshipped ', 'unshipped') + Amount(Info, ', shipped ', 'shipped')
    + Amount(Info, '; owed ', 'owed') + Amount(Info, ' of ', 'approved') + ' '
    + Field(Info, '/order/currency'));
end;

function NoteChange(Till: TTill; Sale: TSale): TOutcome;
var
  Info: ISequraResult;
begin
  Result := ocDone;
  try
    Info := Till.Client.OrderInfo(Sale.Url);
  except
    on E: ESequra do
    begin
      Show('info', E.Answer);
      Result := OutcomeOf(E);
      Exit;
    end;
  end;
  if Info.Next = nxRecover then
  begin
    Say('to go on', 'till CONFIG --recover; or the same change again; or the next one, which takes it along');
    Result := ocNoAnswer;
  end
  else
  begin
    ShowTotals(Info);
    Sale.Note(StateOf(Info), Info);
  end;
end;

{ ---- changing it ---- }

{ The sale as it is called at seQura and in the book. }
procedure Take(Sale: TSale; const Answer: ISequraResult);
begin
  Sale.Url := Answer.OrderUrl;
  Sale.Ticket := Field(Answer, '/order/order_ref_1');
end;

{ Only a settled order can be changed. Of any other, the call itself says why not. }
function TakeSettled(Till: TTill; Sale: TSale; const Named: TSequraText): Boolean;
var
  Info: ISequraResult;
begin
  Result := False;
  Sale.Url := Named;
  try
    Info := Till.Client.OrderInfo(Named);
  except
    on E: ESequra do
      Exit;
  end;
  Result := Info.OrderState = osSettled;
  if Result then
  begin
    Take(Sale, Info);
    Sale.Note('changing', Info);
  end;
end;

function Change(Till: TTill; const Caption: TSequraText; Call: TChange;
  const Named, Asked: TSequraText): TOutcome;
var
  Sale: TSale;
  Answer: ISequraResult;
  Became: TOutcome;
  IsKnown: Boolean;
begin
  Result := ocDone;
  Sale := TSale.Create(Till);
  try
    IsKnown := TakeSettled(Till, Sale, Named);
    try
      Answer := Call(Sale.Url, Asked);
      Show(Caption, Answer);
      if not IsKnown then
        Take(Sale, Answer);       { it was cancelled before, and may not be in the book yet }
      IsKnown := True;
    except
      on E: ESequra do
      begin
        Show(Caption, E.Answer);
        Result := OutcomeOf(E);
      end;
    end;
    if IsKnown then
    begin
      Became := NoteChange(Till, Sale);
      if Result = ocDone then
        Result := Became;
    end;
  finally
    Sale.Free;
  end;
end;

{ ---- what is asked for, as JSON: the builder of orders writes any ---- }

function IsNumber(const Word: string): Boolean;
var
  Index: Integer;
begin
  Result := (Word <> '') and (Length(Word) < 10);
  for Index := 1 to Length(Word) do
    if (Word[Index] < '0') or (Word[Index] > '9') then
      Result := False;
end;

function IsItem(const Word: string): Boolean;
var
  Equals: Integer;
begin
  Equals := LastDelimiter('=', Word);
  Result := (Word <> '') and (Equals <> 1)
    and ((Equals = 0) or IsNumber(Copy(Word, Equals + 1, MaxInt)));
end;

function ItemJson(Till: TTill; const Item: string): TSequraText;
var
  Builder: TSequraOrder;
  Equals: Integer;
begin
  Builder := TSequraOrder.Create(Till.Client);
  try
    Equals := LastDelimiter('=', Item);
    if Equals > 0 then
      Builder.SetInt('/quantity', StrToInt(Copy(Item, Equals + 1, MaxInt)))
    else
      Equals := Length(Item) + 1;
    Builder.SetText('/reference', Copy(Item, 1, Equals - 1));
    Result := Builder.Json;
  finally
    Builder.Free;
  end;
end;

function ItemsJson(Till: TTill; Items: TStrings): TSequraText;
var
  Index: Integer;
begin
  Result := '[';
  for Index := 0 to Items.Count - 1 do
  begin
    if Index > 0 then
      Result := Result + ',';
    Result := Result + ItemJson(Till, Items[Index]);
  end;
  Result := Result + ']';
end;

function Ship(Till: TTill; const Named: TSequraText; Items: TStrings): TOutcome;
begin
  if Items.Count = 0 then
    Result := Change(Till, 'ship', Till.Client.Ship, Named, '')
  else
    Result := Change(Till, 'ship', Till.Client.Ship, Named, ItemsJson(Till, Items));
end;

function Refund(Till: TTill; const Named: TSequraText; Items: TStrings): TOutcome;
begin
  if Items.Count = 0 then
    Result := Change(Till, 'refund', Till.Client.Refund, Named, '')
  else
    Result := Change(Till, 'refund', Till.Client.Refund, Named,
      '{"items":' + ItemsJson(Till, Items) + '}');
end;

function RefundAmount(Till: TTill; const Named: TSequraText; Cents: Int64;
  const Reason: TSequraText): TOutcome;
var
  Builder: TSequraOrder;
begin
  Builder := TSequraOrder.Create(Till.Client);
  try
    Builder.SetInt('/amount', Cents);
    if Reason <> '' then
      Builder.SetText('/reason', Reason);
    Result := Change(Till, 'refund', Till.Client.Refund, Named, Builder.Json);
  finally
    Builder.Free;
  end;
end;

function Cancel(Till: TTill; const Named, Reason: TSequraText): TOutcome;
begin
  Result := Change(Till, 'cancel', Till.Client.Cancel, Named, Reason);
end;

function Update(Till: TTill; const Named: TSequraText; const FileName: string): TOutcome;
begin
  Result := Change(Till, 'update', Till.Client.UpdateOrder, Named, ReadText(FileName));
end;

{ ---- where it stands ---- }

{ What is in a cart: "1 BIC-20 349,00; ENV-01 12,90". }
procedure ShowCart(const Info: ISequraResult; const Caption, List: TSequraText);
var
  Line, Item, Total: TSequraText;
  Index: Integer;
begin
  Line := '';
  Index := 0;
  Total := FieldAt(Info, List, Index, 'total_with_tax');
  while Total <> '' do
  begin
    Item := FieldAt(Info, List, Index, 'reference');
    if Item = '' then
      Item := FieldAt(Info, List, Index, 'type');       { fees may have no reference }
    Item := TrimLeft(FieldAt(Info, List, Index, 'quantity') + ' ' + Item);
    if Line <> '' then
      Line := Line + '; ';
    Line := Line + Item + ' ' + Money(Total);
    Inc(Index);
    Total := FieldAt(Info, List, Index, 'total_with_tax');
  end;
  if Line = '' then
    Line := 'nothing';
  Say(Caption, Line);
end;

{ What was attempted with it, oldest first: the entries of the transaction log. }
procedure ShowHistory(const Info: ISequraResult);
const
  List = '/data/history';
var
  Caption, At: TSequraText;
  Index: Integer;
begin
  Caption := 'history';
  Index := 0;
  At := FieldAt(Info, List, Index, 'at');
  while At <> '' do
  begin
    Say(Caption, At + ' ' + FieldAt(Info, List, Index, 'operation') + ' '
      + FieldAt(Info, List, Index, 'status')
      + After(', HTTP ', FieldAt(Info, List, Index, 'http/status')));
    Caption := '';
    Inc(Index);
    At := FieldAt(Info, List, Index, 'at');
  end;
end;

function ShowSale(Till: TTill; const Named: TSequraText): TOutcome;
var
  Info: ISequraResult;
  Name, Paid: TSequraText;
begin
  try
    Info := Till.Client.OrderInfo(Named);
  except
    on E: ESequra do
    begin
      Show('info', E.Answer);
      Result := OutcomeOf(E);
      Exit;
    end;
  end;
  Show('info', Info);
  Name := Field(Info, '/order/order_ref_1');
  if Name = '' then
    Name := Field(Info, '/order/uuid');
  if Name <> '' then
    Say('sale', Name + After(', form ', Field(Info, '/data/payment_method/product'))
      + After(', ', Field(Info, '/order/portal_url')));
  Paid := Field(Info, '/data/amounts/paid');
  if Paid <> '' then      { once it is confirmed }
  begin
    ShowTotals(Info);
    ShowCart(Info, 'unshipped', '/data/unshipped_cart/items');
    ShowCart(Info, 'shipped', '/data/shipped_cart/items');
    Say('paid out', Price(Paid, Field(Info, '/order/currency')));
  end;
  ShowHistory(Info);
  Result := ocDone;
end;

end.
