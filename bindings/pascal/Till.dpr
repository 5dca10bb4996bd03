{ A till that reads the order from a JSON file: its command line. README.md says how to compile and use
  it; TillSale.pas is the sale, TillRecovery.pas what comes before it. }
program Till;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}
{$IFDEF MSWINDOWS}{$APPTYPE CONSOLE}{$ENDIF}

uses
  {$IFDEF FPC}{$IFDEF UNIX}{$IFDEF UNICODE}cwstring,{$ENDIF}{$ENDIF}{$ENDIF}
  SysUtils,
  SequraPosApi in 'SequraPosApi.pas',
  SequraPos in 'SequraPos.pas',
  TillScreen in 'TillScreen.pas',
  TillBook in 'TillBook.pas',
  TillSale in 'TillSale.pas',
  TillRecovery in 'TillRecovery.pas';

type
  TEntryPoint = (epSell, epForm, epConfirm, epSetRef, epPending, epRecover, epAbandon);

  { What the command line asks for. }
  TCommand = class
  public
    Entry: TEntryPoint;
    Config, Book: string;
    Product, Ticket, Url: TSequraText;
    OrderFile: string;
    RefFirst, Quick, Yes: Boolean;
    { False if it makes no sense. }
    function Read: Boolean;
  end;

const
  Options: array[TEntryPoint] of string =
    ('', '--form', '--confirm', '--set-ref', '--pending', '--recover', '--abandon');

function TCommand.Read: Boolean;
var
  Index: Integer;
  Word: string;
  Wanted: TEntryPoint;
  Cut: Boolean;

  { The argument that follows; there must be one. }
  function Value: string;
  begin
    Inc(Index);
    Result := ParamStr(Index);
    if Index > ParamCount then
      Cut := True;
  end;

begin
  Book := 'sales.txt';
  Product := 'pp3';
  Cut := False;
  Config := ParamStr(1);
  Result := (Config <> '') and (Config[1] <> '-');
  Index := 2;
  while Result and (Index <= ParamCount) do
  begin
    Word := ParamStr(Index);
    if Word = '--yes' then
      Yes := True
    else if Word = '--quick' then
      Quick := True
    else if Word = '--ref-first' then
      RefFirst := True
    else if Word = '--product' then
      Product := Value
    else if Word = '--sales' then
      Book := Value
    else if Word = '--ref' then
      Ticket := Value
    else if Copy(Word, 1, 1) <> '-' then
    begin
      Result := OrderFile = '';
      OrderFile := Word;
    end
    else
    begin
      Result := Entry = epSell;
      for Wanted := epForm to epAbandon do
        if Word = Options[Wanted] then
          Entry := Wanted;
      if Result and not (Entry in [epPending, epRecover]) then
        Url := Value;
      if Result and (Entry = epSetRef) then
        Ticket := Value;
      Result := Result and (Entry <> epSell);
    end;
    Inc(Index);
  end;
  Result := Result and not Cut and ((Ticket = '') or IsTicket(Ticket))
    and ((OrderFile <> '') or ((Entry <> epSell) and not RefFirst));
end;

function Usage: TOutcome;
const
  Lines: array[0..15] of string = (
    'usage: till CONFIG ORDER.json            sell it',
    '       till CONFIG --recover              finish what was left unfinished',
    '       till CONFIG --pending              what is unfinished',
    '       till CONFIG [ORDER.json] --form ORDER-URL     go on with the form',
    '       till CONFIG [ORDER.json] --confirm ORDER-URL  go on with the confirmation',
    '       till CONFIG --set-ref ORDER-URL NUMBER    go on with the reference',
    '       till CONFIG --abandon ORDER-URL    the shopper left: give it up',
    'options:',
    '  --ref NUMBER     the ticket number, seQura''s order_ref_1 (default: made of the time)',
    '  --ref-first      send it with the order: the confirmation then settles the sale',
    '  --product CODE   seQura''s product for the form (default: pp3)',
    '  --sales FILE     the till''s own book (default: sales.txt)',
    '  --yes            do not ask the operator: the shopper is approved',
    '  --quick          without looking at the account and its payment methods first',
    'exit status: 0 done; 1 usage or a file; 2 nothing sent; 3 refused; 4 no answer, ask again;',
    '  5 this machine; 6 confirmed without its reference; 7 not approved yet');
var
  Index: Integer;
begin
  for Index := Low(Lines) to High(Lines) do
    WriteLn(ErrOutput, Lines[Index]);
  Result := ocUsage;
end;

{ Not needed for each sale (--quick leaves it out): does seQura know this shop, and what may its shoppers
  choose from? }
function CheckAccount(Till: TTill): TOutcome;
var
  Answer: ISequraResult;
  Line, Id, Step: TSequraText;
  Index: Integer;

  { What is there of the payment method, after Before. }
  function Also(const Before, Name: TSequraText; IsMoney: Boolean): TSequraText;
  begin
    Result := FieldAt(Answer, '/data/methods', Index, Name);
    if IsMoney and (Result <> '') then
      Result := Money(Result);
    if Result <> '' then
      Result := Before + Result;
  end;

begin
  Result := ocDone;
  Step := 'credentials';
  try
    Answer := Till.Client.CheckCredentials;
    Show(Step, Answer);
    Line := '';
    Index := 0;
    Id := FieldAt(Answer, '/data/merchants', Index, 'id');
    while Id <> '' do
    begin
      Line := Line + ', ' + Id + ' in ' + FieldAt(Answer, '/data/merchants', Index, 'country');
      Inc(Index);
      Id := FieldAt(Answer, '/data/merchants', Index, 'id');
    end;
    if Line <> '' then
      Say('merchants', Copy(Line, 3, MaxInt));
    Step := 'methods';
    Answer := Till.Client.PaymentMethods;
    Line := '';
    Index := 0;
    Id := FieldAt(Answer, '/data/methods', Index, 'product');
    while Id <> '' do
    begin
      Line := Line + '; ' + Id + Also(' ', 'title', False) + Also(', from ', 'min_amount', True)
        + Also(', up to ', 'max_amount', True);
      Inc(Index);
      Id := FieldAt(Answer, '/data/methods', Index, 'product');
    end;
    if Line <> '' then
      Say('methods', Copy(Line, 3, MaxInt));
  except
    on E: ESequra do
    begin
      Show(Step, E.Answer);
      Result := OutcomeOf(E);
    end;
  end;
end;

{ A sale that is taken up again has its URL and ticket number from the book. What the command line says
  goes before it, and a sale that the book does not know can still be finished: the library's journal
  has it. }
procedure LookUp(Till: TTill; Sale: TSale);
var
  Entries: TEntries;
  Known: Integer;
begin
  if Sale.Url = '' then
    Exit;
  Entries := Till.Book.Read;
  Known := FindEntry(Entries, Sale.Url);
  if Known < 0 then
    Exit;
  Sale.Url := Entries[Known].Url;
  if Sale.Ticket = '' then
    Sale.Ticket := Entries[Known].Ticket;
end;

function Enter(Command: TCommand; Till: TTill; Sale: TSale): TOutcome;
var
  Recovered: TOutcome;
  AsksSequra: Boolean;
begin
  Result := ocDone;
  AsksSequra := not (Command.Entry in [epPending, epAbandon]);
  { What was left unfinished comes first. Where it cannot be finished now, it stops no other sale. }
  if AsksSequra then
  begin
    Recovered := Recover(Till, Sale.Url);
    if Command.Entry = epRecover then
      Result := Recovered;
  end;
  if (Command.Entry in [epPending, epRecover]) or (AsksSequra and not Command.Quick) then
  begin
    Recovered := ShowPending(Till);
    if Result = ocDone then
      Result := Recovered;
  end;
  if Result = ocDone then
    case Command.Entry of
      epPending: ShowBook(Till);
      epAbandon: Result := Sale.Abandon;
      epForm: Result := Sale.SendForm;
      epConfirm: Result := Sale.Confirm;
      epSetRef: Result := Sale.SetReference;
      epSell:
        begin
          if not Command.Quick then
            Result := CheckAccount(Till);
          if Result = ocDone then
            Result := Sale.Start;
        end;
    end;
end;

function Run(Command: TCommand): TOutcome;
var
  Till: TTill;
  Sale: TSale;
begin
  Till := TTill.Create;
  Sale := TSale.Create(Till);
  try
    Till.Book := TBook.Create(Command.Book);
    Till.Product := Command.Product;
    try
      Till.Client := TSequraClient.CreateFromFile(Command.Config);
    except
      on E: ESequra do
      begin
        Show('open', E.Answer);
        Result := OutcomeOf(E);
        Exit;
      end;
    end;
    ShowProblems('warning', Till.Client.Opening.Warnings);
    Sale.Url := Command.Url;
    Sale.Ticket := Command.Ticket;
    Sale.OrderFile := Command.OrderFile;
    Sale.RefFirst := Command.RefFirst;
    Sale.Attended := not Command.Yes;
    LookUp(Till, Sale);
    Result := Enter(Command, Till, Sale);
  finally
    Sale.Free;
    Till.Free;
  end;
end;

var
  Command: TCommand;
  Outcome: TOutcome;

begin
  Command := TCommand.Create;
  try
    try
      if Command.Read then
        Outcome := Run(Command)
      else
        Outcome := Usage;
    except
      on E: ETillFile do
      begin
        WriteLn(ErrOutput, 'till: ', E.Message);
        Outcome := ocUsage;
      end;
      on E: ESequra do
      begin
        Show('till', E.Answer);
        Outcome := OutcomeOf(E);
      end;
      on E: ESequraLibrary do
      begin
        WriteLn(ErrOutput, 'till: ', E.Message);
        Outcome := ocMachine;
      end;
    end;
  finally
    Command.Free;
  end;
  Halt(Ord(Outcome));
end.
