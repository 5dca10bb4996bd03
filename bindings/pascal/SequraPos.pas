/// <summary>Sell with seQura from a till written in Pascal: Delphi 7 and later, FreePascal, Lazarus.</summary>
// The classes here call the C ABI of sequra-pos and add nothing to it. What the calls mean is in
// SequraPosApi.pas, function by function; README.md has a first sale.
unit SequraPos;

{$IFDEF FPC}{$IFNDEF UNICODE}{$MODE DELPHI}{$ENDIF}{$ENDIF}

interface

uses
  SysUtils, SequraPosApi;

type
  /// <summary>Bytes of a text, as the library has them: no compiler converts these behind our back.</summary>
  TSequraBytes = {$IFDEF UNICODE}RawByteString{$ELSE}{$IFDEF FPC}RawByteString{$ELSE}AnsiString{$ENDIF}{$ENDIF};

  /// <summary>A text that goes in or comes out. Where string is Unicode (Delphi 2009 and later) it is
  /// converted here; elsewhere its bytes are in the client's text_encoding, and pass as they are.</summary>
  TSequraText = {$IFDEF UNICODE}string{$ELSE}TSequraBytes{$ENDIF};

  /// <summary>One of a result's errors or warnings.</summary>
  TSequraProblem = record
    Code: TSequraErrorCode;
    /// <summary>The code as the library writes it, also where Code is ecUnknown.</summary>
    CodeWord: TSequraText;
    /// <summary>For the technician; seQura's own words where it said something.</summary>
    Message: TSequraText;
    /// <summary>The place in the order or the configuration; empty for none.</summary>
    JsonPointer: TSequraText;
    /// <summary>What it should be and what it is, as JSON or bare text; empty for nothing.</summary>
    Expected, Actual: TSequraText;
    /// <summary>For the person at the till, of an order that is wrong; empty for nothing.</summary>
    OperatorMessage: TSequraText;
  end;
  TSequraProblems = array of TSequraProblem;

  /// <summary>The result of a call. It is counted, as interfaces are: nobody frees it, and one that is
  /// not looked at leaves nothing behind. It outlives its client.</summary>
  ISequraResult = interface
    ['{5B0E4C1B-5D3B-4F0E-9C57-1A2B6E0F7D31}']
    /// <summary>The whole result, as JSON.</summary>
    function Json: TSequraText;
    /// <summary>One value by its JSON pointer, such as /order/url: a text bare, anything else as JSON
    /// (null too). ESequraCall where there is nothing.</summary>
    function Get(const JsonPointer: TSequraText): TSequraText;
    /// <summary>The same for what may be missing: False, and an empty text, where there is nothing or
    /// null.</summary>
    function TryGet(const JsonPointer: TSequraText; out Value: TSequraText): Boolean;
    /// <summary>A whole number, such as an amount in cents.</summary>
    function GetInt(const JsonPointer: TSequraText): Int64;
    function Status: TSqStatus;
    function Operation: TSequraOperation;
    /// <summary>What the till should do now.</summary>
    function Next: TSequraNext;
    /// <summary>For the person at the till, in the configured language; may be empty.</summary>
    function OperatorMessage: TSequraText;
    /// <summary>The order's URL, which the later calls take; empty where there is no order.</summary>
    function OrderUrl: TSequraText;
    /// <summary>Where the order is; osUnknown where there is none.</summary>
    function OrderState: TSequraState;
    function Errors: TSequraProblems;
    function Warnings: TSequraProblems;
  end;

  /// <summary>A call that did not end with SQ_OK. Its Message is the operator's, so that a program
  /// that shows what it does not handle says something useful; programs look at the class, Status and
  /// Next.</summary>
  ESequra = class(Exception)
  private
    FStatus: TSqStatus;
    FAnswer: ISequraResult;
  public
    constructor Create(AStatus: TSqStatus; const AAnswer: ISequraResult);
    /// <summary>SQ_CONFLICT and so on.</summary>
    property Status: TSqStatus read FStatus;
    /// <summary>The call's whole result; nil for calls that have none (TSequraOrder's).</summary>
    property Answer: ISequraResult read FAnswer;
    function StatusName: TSequraText;
    /// <summary>The first error's code; ecUnknown where there is none.</summary>
    function Code: TSequraErrorCode;
    function Errors: TSequraProblems;
    function Next: TSequraNext;
    function OperatorMessage: TSequraText;
  end;

  /// <summary>SQ_... 1xxx: the call was wrong, nothing was sent.</summary>
  ESequraCall = class(ESequra);
  /// <summary>2xxx: seQura said no; unchanged it will say no again.</summary>
  ESequraRefused = class(ESequra);
  /// <summary>SQ_CONFLICT: the sale must not be completed; Errors says what changed.</summary>
  ESequraConflict = class(ESequraRefused);
  /// <summary>SQ_DUPLICATE_ORDER_REF: the shop's reference is another order's.</summary>
  ESequraDuplicateOrderRef = class(ESequraRefused);
  /// <summary>3xxx: no final answer; calling again is safe.</summary>
  ESequraNoAnswer = class(ESequra);
  /// <summary>4xxx: this machine's journal.</summary>
  ESequraMachine = class(ESequra);
  /// <summary>9xxx: a bug of the library, caught. The client is to be closed.</summary>
  ESequraInternal = class(ESequra);

  /// <summary>The program did what can never work: it used an object after its Close, or gave a text
  /// that cannot be passed on (a #0 in it, or a character that the client's text_encoding lacks).
  /// Deliberately no ESequra.</summary>
  ESequraUsage = class(Exception);

  /// <summary>The native library is not there, or is not the one these units are of.</summary>
  ESequraLibrary = class(Exception);

  /// <summary>The native library. It is loaded when first needed and stays loaded.</summary>
  TSequraLibrary = class
  public
    /// <summary>Loads it, if that is not done yet. Path: the file, from its root. Without one, the file
    /// beside the program or, where there is none, in development, the one that the environment's
    /// SEQURA_POS_LIBRARY names.</summary>
    class procedure Load(const Path: string = '');
    /// <summary>The file that was loaded; empty before.</summary>
    class function FileName: string;
    class function AbiVersion: Cardinal;
    class function Version: TSequraText;
    /// <summary>How it was built, as JSON.</summary>
    class function BuildInfo: TSequraText;
    class function StatusName(Status: TSqStatus): TSequraText;
    class function StatusClass(Status: TSqStatus): Integer;
    /// <summary>How many clients, results and orders are alive.</summary>
    class function LiveHandles: Int64;
    /// <summary>Gives a text back, through UTF-8; see TSequraClient.Echo.</summary>
    class function Echo(const Text: TSequraText): ISequraResult;
  end;

  { The shapes of a call about a client. }
  TSqAsk0 = function(AClient: PSqClient; AOut: PPSqBuffer): TSqStatus; cdecl;
  TSqAsk1 = function(AClient: PSqClient; AText: PAnsiChar; AOut: PPSqBuffer): TSqStatus; cdecl;
  TSqAsk2 = function(AClient: PSqClient; AFirst, ASecond: PAnsiChar;
    AOut: PPSqBuffer): TSqStatus; cdecl;
  TSqAsk3 = function(AClient: PSqClient; AFirst, ASecond, AThird: PAnsiChar;
    AOut: PPSqBuffer): TSqStatus; cdecl;
  TSqAsk4 = function(AClient: PSqClient; AFirst, ASecond, AThird, AFourth: PAnsiChar;
    AOut: PPSqBuffer): TSqStatus; cdecl;

  /// <summary>A till's connection to seQura and to its journal. Any thread may use one, several at
  /// once. A call that does not end with SQ_OK raises an ESequra. An empty text is NULL to the library:
  /// an argument that is left out.</summary>
  TSequraClient = class
  private
    FHandle: PSqClient;
    FCodePage: Word;
    FOpening: ISequraResult;
    procedure Open(Status: TSqStatus; var Buffer: PSqBuffer);
    function Handle: PSqClient;
    function Ask(Call: TSqAsk0): ISequraResult; overload;
    function Ask(Call: TSqAsk1; const Text: TSequraText): ISequraResult; overload;
    function Ask(Call: TSqAsk2; const First, Second: TSequraText): ISequraResult; overload;
    function Ask(Call: TSqAsk3; const First, Second, Third: TSequraText): ISequraResult; overload;
    function Ask(Call: TSqAsk4; const First, Second, Third, Fourth: TSequraText): ISequraResult; overload;
  public
    /// <summary>Opens a client with a configuration, as JSON.</summary>
    constructor Create(const Config: TSequraText);
    /// <summary>Opens a client with a configuration file.</summary>
    constructor CreateFromFile(const Path: TSequraText);
    destructor Destroy; override;
    /// <summary>Closes it; Free does the same. Calls of other threads end as usual, later ones raise
    /// ESequraUsage. Closed already: does nothing.</summary>
    procedure Close;
    /// <summary>The result of the opening: warnings, and how many orders are unfinished. nil once
    /// the client is closed.</summary>
    property Opening: ISequraResult read FOpening;

    { the account }
    function CheckCredentials: ISequraResult;
    function SelfTest: ISequraResult;
    function PaymentMethods(const OrderUrl: TSequraText = ''): ISequraResult;
    function CreditAgreements(TotalCents: Int64; const Whom: TSequraText = '';
      const Currency: TSequraText = ''): ISequraResult;

    { the sale }
    { Everything that is wrong with an order or missing in it; nothing is recorded, and nothing sent. }
    function CheckOrder(const OrderJson: TSequraText): ISequraResult;
    function StartSolicitation(const OrderJson: TSequraText): ISequraResult;
    function SendForm(const OrderUrl, ProductCode: TSequraText;
      const Campaign: TSequraText = ''): ISequraResult;
    { Channel: 'sms' or 'email'; ask seQura whether the shop may send it by e-mail. }
    function SendFormBy(const OrderUrl, Channel, ProductCode: TSequraText;
      const Campaign: TSequraText = ''): ISequraResult;
    function Hold(const OrderUrl: TSequraText; const OrderJson: TSequraText = ''): ISequraResult;
    function Confirm(const OrderUrl: TSequraText; const OrderJson: TSequraText = ''): ISequraResult;
    function SetOrderRef(const OrderUrl, OrderRef1: TSequraText;
      const OrderRef2: TSequraText = ''): ISequraResult;
    function Abandon(const Order: TSequraText): ISequraResult;
    { A person says what seQura's portal shows: 'confirmed' or 'not_confirmed'. }
    function Resolve(const Order, Outcome, Reason: TSequraText): ISequraResult;

    { after the sale }
    function OrderInfo(const Order: TSequraText): ISequraResult;
    { What a till prints for the shopper, on paper of 24 to 80 columns: /data/lines, and as /data/fields. }
    function Receipt(const Order: TSequraText; Columns: Integer): ISequraResult;
    function UpdateOrder(const OrderRef1, UpdateJson: TSequraText): ISequraResult;
    function Ship(const OrderRef1: TSequraText; const ItemsJson: TSequraText = ''): ISequraResult;
    function Refund(const OrderRef1: TSequraText; const RefundJson: TSequraText = ''): ISequraResult;
    function Cancel(const OrderRef1: TSequraText; const Reason: TSequraText = ''): ISequraResult;
    { Closes it here; '/data/document' is for the other till's TakeOver. }
    function HandOver(const Order: TSequraText): ISequraResult;
    function TakeOver(const Document: TSequraText): ISequraResult;
    function SendDeliveryReport(const ReportJson: TSequraText = ''): ISequraResult;
    function Disbursements(const Path: TSequraText = ''): ISequraResult;

    { the journal }
    function Pending: ISequraResult;
    { The figures between two moments such as 2026-11-27T09:00:00+01:00: /data/sold/EUR/shop_es, and
      others; both empty: of this machine's local day. }
    function Day(const Since: TSequraText = ''; const Till: TSequraText = ''): ISequraResult;
    function Recover(const Order: TSequraText = ''): ISequraResult;
    function Reconcile: ISequraResult;
    function Log(const QueryJson: TSequraText = ''): ISequraResult;
    function LogDismiss(EntryId: Int64): ISequraResult;

    /// <summary>Gives a text back, in /data/text: to see that it arrives as it should.</summary>
    function Echo(const Text: TSequraText): ISequraResult;
  end;

  /// <summary>An order being built without JSON: values go to JSON pointers such as
  /// /customer/given_names.</summary>
  TSequraOrder = class
  private
    FHandle: PSqOrder;
    FCodePage: Word;
    function Handle: PSqOrder;
  public
    /// <summary>Texts are in the client's encoding; without a client in UTF-8. The order does not need
    /// the client otherwise.</summary>
    constructor Create(Client: TSequraClient = nil);
    destructor Destroy; override;
    /// <summary>Frees what the library holds; Free does the same. Closed already: does
    /// nothing.</summary>
    procedure Close;
    procedure SetText(const JsonPointer, Text: TSequraText);
    procedure SetInt(const JsonPointer: TSequraText; Value: Int64);
    procedure SetFlag(const JsonPointer: TSequraText; Value: Boolean);
    /// <summary>Amounts in cents. Quantity and Price count for products and services only.</summary>
    procedure AddItem(ItemType: TSequraItemType; const Reference, Name: TSequraText;
      Quantity, Price, Total: Int64); overload;
    /// <summary>The same for a type that these units do not know; '' is a product.</summary>
    procedure AddItem(const ItemType, Reference, Name: TSequraText;
      Quantity, Price, Total: Int64); overload;
    /// <summary>Appends goods that were weighed or measured, as one piece: 'Queso 0,345 kg', at Quantity
    /// ('0.345') times the price of one Measure ('kg') in cents, a half cent going up. ItemType '' is a
    /// product.</summary>
    procedure AddMeasured(const ItemType, Reference, Name, Quantity, Measure: TSequraText;
      Price: Int64);
    /// <summary>The order as built so far, for StartSolicitation and Confirm.</summary>
    function Json: TSequraText;
  end;

implementation

uses
  {$IFDEF FPC}DynLibs,{$ELSE}{$IFDEF MSWINDOWS}Windows,{$ENDIF}{$ENDIF} SyncObjs;

const
  Utf8 = 65001;
  {$IFDEF MSWINDOWS}
  LibraryNames: array[0..0] of string = ('sequra_pos.dll');
  {$ELSE}{$IFDEF DARWIN}
  LibraryNames: array[0..0] of string = ('libsequra_pos.dylib');
  {$ELSE}
  { What a program links to, and what a build leaves. }
  LibraryNames: array[0..1] of string = ('libsequra_pos.so.1', 'libsequra_pos.so');
  {$ENDIF}{$ENDIF}

type
  TSequraResult = class(TInterfacedObject, ISequraResult)
  private
    FBuffer: PSqBuffer;
    FCodePage: Word;
    function Problems(const List: TSequraText): TSequraProblems;
    { Reads a value into Value; False where there is nothing. }
    function Read(const JsonPointer: TSequraText; out Value: TSequraText): TSqStatus;
    function WordAt(const JsonPointer: TSequraText): AnsiString;
  public
    { The result frees the buffer. }
    constructor Create(var Buffer: PSqBuffer; CodePage: Word);
    destructor Destroy; override;
    function Json: TSequraText;
    function Get(const JsonPointer: TSequraText): TSequraText;
    function TryGet(const JsonPointer: TSequraText; out Value: TSequraText): Boolean;
    function GetInt(const JsonPointer: TSequraText): Int64;
    function Status: TSqStatus;
    function Operation: TSequraOperation;
    function Next: TSequraNext;
    function OperatorMessage: TSequraText;
    function OrderUrl: TSequraText;
    function OrderState: TSequraState;
    function Errors: TSequraProblems;
    function Warnings: TSequraProblems;
  end;

var
  Lock: TCriticalSection;
  Loaded: Boolean;
  LoadedFile: string;
  LoadedHandle: {$IFDEF FPC}TLibHandle{$ELSE}HMODULE{$ENDIF};

{ ---- texts ---- }

{$IFDEF UNICODE}
function Decoded(const Bytes: TSequraBytes; CodePage: Word): TSequraText;
var
  Text: TSequraBytes;
begin
  Text := Bytes;
  SetCodePage(Text, CodePage, False);
  Result := TSequraText(Text);
end;

{ The Windows code page of an encoding that the library names. }
function CodePageOf(const Encoding: TSequraText): Word;
begin
  Result := 0;
  if Encoding = 'UTF-8' then
    Result := Utf8
  else if Copy(Encoding, 1, 8) = 'windows-' then
    Result := StrToIntDef(Copy(Encoding, 9, MaxInt), 0)
  else if Copy(Encoding, 1, 9) = 'ISO-8859-' then
    Result := 28590 + StrToIntDef(Copy(Encoding, 10, MaxInt), -28590);
  if Result = 0 then
    raise ESequraUsage.Create('text_encoding ' + Encoding
      + ' is not for programs with Unicode texts: leave it out');
end;
{$ELSE}
function Decoded(const Bytes: TSequraBytes; CodePage: Word): TSequraText;
begin
  Result := Bytes;
end;
{$ENDIF}

function EncodedIn(CodePage: Word; const Text: TSequraText): TSequraBytes;
begin
  { The library would take it for the end of the text. }
  if Pos(#0, Text) > 0 then
    raise ESequraUsage.Create('a text has a #0 in it');
  {$IFDEF UNICODE}
  Result := UTF8String(Text);
  SetCodePage(Result, CodePage, True);
  { What cannot be written becomes a question mark there, and nobody is called that. }
  if Decoded(Result, CodePage) <> Text then
    raise ESequraUsage.Create('a text has a character that the client''s text_encoding lacks');
  {$ELSE}
  Result := Text;
  {$ENDIF}
end;

function TextOf(Start: PAnsiChar; Length: Integer; CodePage: Word): TSequraText;
var
  Bytes: AnsiString;
begin
  SetString(Bytes, Start, Length);
  Result := Decoded(Bytes, CodePage);
end;

{ The librarys NULL, which Pascal texts do not have. }
function NilIfEmpty(const Bytes: TSequraBytes): PAnsiChar;
begin
  if Bytes = '' then
    Result := nil
  else
    Result := PAnsiChar(Bytes);
end;

{ ---- errors ---- }

function Failure(Status: TSqStatus; const Answer: ISequraResult): ESequra;
begin
  if Status = SQ_CONFLICT then
    Result := ESequraConflict.Create(Status, Answer)
  else if Status = SQ_DUPLICATE_ORDER_REF then
    Result := ESequraDuplicateOrderRef.Create(Status, Answer)
  else
    case sq_status_class(Status) of
      1: Result := ESequraCall.Create(Status, Answer);
      2: Result := ESequraRefused.Create(Status, Answer);
      3: Result := ESequraNoAnswer.Create(Status, Answer);
      4: Result := ESequraMachine.Create(Status, Answer);
    else
      Result := ESequraInternal.Create(Status, Answer);
    end;
end;

procedure Check(Status: TSqStatus);
begin
  if Status <> SQ_OK then
    raise Failure(Status, nil);
end;

constructor ESequra.Create(AStatus: TSqStatus; const AAnswer: ISequraResult);
begin
  FStatus := AStatus;
  FAnswer := AAnswer;
  inherited Create(OperatorMessage);
  if Message = '' then
    Message := StatusName;
end;

function ESequra.StatusName: TSequraText;
begin
  Result := TSequraLibrary.StatusName(FStatus);
end;

function ESequra.Code: TSequraErrorCode;
var
  All: TSequraProblems;
begin
  Result := ecUnknown;
  All := Errors;
  if Length(All) > 0 then
    Result := All[0].Code;
end;

function ESequra.Errors: TSequraProblems;
begin
  Result := nil;
  if FAnswer <> nil then
    Result := FAnswer.Errors;
end;

function ESequra.Next: TSequraNext;
begin
  Result := nxUnknown;
  if FAnswer <> nil then
    Result := FAnswer.Next;
end;

function ESequra.OperatorMessage: TSequraText;
begin
  Result := '';
  if FAnswer <> nil then
    Result := FAnswer.OperatorMessage;
end;

{ ---- the library ---- }

{ From its root: with a drive or a computer on Windows. }
function IsAbsolute(const Path: string): Boolean;
begin
{$IFDEF MSWINDOWS}
  Result := (Length(Path) > 2) and ((Copy(Path, 2, 2) = ':\') or (Copy(Path, 2, 2) = ':/')
    or (Copy(Path, 1, 2) = '\\'));
{$ELSE}
  Result := Copy(Path, 1, 1) = '/';
{$ENDIF}
end;

{ The one place where the library is to be, empty where nobody knows one; no other is tried when it fails
  there, so that the error says what is wrong with the file that was meant. Never where the system looks:
  a library that somebody has put into the current folder, or into one of the PATH's, would run with all
  that the till may do. }
function PlaceOfLibrary(const Path: string): string;
var
  Index: Integer;
  Beside: string;
begin
  Result := Path;
  for Index := Low(LibraryNames) to High(LibraryNames) do
  begin
    Beside := ExtractFilePath(ParamStr(0)) + LibraryNames[Index];
    if (Result = '') and IsAbsolute(Beside) and FileExists(Beside) then
      Result := Beside;
  end;
  if Result = '' then
    Result := GetEnvironmentVariable('SEQURA_POS_LIBRARY');
end;

function Find(const Name: AnsiString): Pointer;
begin
  Result := GetProcAddress(LoadedHandle, PAnsiChar(Name));
  if Result = nil then
    raise ESequraLibrary.Create(LoadedFile + ' has no ' + string(Name) + ': it is an older one');
end;

procedure LoadFrom(const Place: string);
begin
  if not IsAbsolute(Place) then
    raise ESequraLibrary.Create('The sequra_pos library is not found. It is to be beside the program, or where '
      + 'TSequraLibrary.Load or, in development, SEQURA_POS_LIBRARY says: an absolute path, not "' + Place + '".');
  { Safe: it leaves the floating-point control word as Delphi wants it, and shows no dialog. What the library
    needs itself is Windows' own. }
  LoadedHandle := SafeLoadLibrary(Place);
  if LoadedHandle = 0 then
    raise ESequraLibrary.Create(Place + ' cannot be loaded: '
      + {$IFDEF FPC}GetLoadErrorStr{$ELSE}SysErrorMessage(GetLastError){$ENDIF}
      + '. TSequraLibrary.Load says where it is or, in development, SEQURA_POS_LIBRARY.');
  LoadedFile := Place;
  SqBind(Find);
  if sq_abi_version() <> SEQURA_ABI_VERSION then
    raise ESequraLibrary.CreateFmt('%s has version %d of the C ABI, not %d',
      [Place, sq_abi_version(), SEQURA_ABI_VERSION]);
  Loaded := True;
end;

class procedure TSequraLibrary.Load(const Path: string);
begin
  Lock.Enter;
  try
    if not Loaded then
      LoadFrom(PlaceOfLibrary(Path))
    else if (Path <> '') and (Path <> LoadedFile) then
      raise ESequraLibrary.Create(LoadedFile + ' is loaded already');
  finally
    Lock.Leave;
  end;
end;

class function TSequraLibrary.FileName: string;
begin
  Result := LoadedFile;
end;

class function TSequraLibrary.AbiVersion: Cardinal;
begin
  Load;
  Result := sq_abi_version();
end;

class function TSequraLibrary.Version: TSequraText;
begin
  Load;
  Result := TSequraText(AnsiString(sq_version()));
end;

class function TSequraLibrary.BuildInfo: TSequraText;
begin
  Load;
  Result := TSequraText(AnsiString(sq_build_info()));
end;

class function TSequraLibrary.StatusName(Status: TSqStatus): TSequraText;
begin
  Load;
  Result := TSequraText(AnsiString(sq_status_name(Status)));
end;

class function TSequraLibrary.StatusClass(Status: TSqStatus): Integer;
begin
  Load;
  Result := sq_status_class(Status);
end;

class function TSequraLibrary.LiveHandles: Int64;
begin
  Load;
  Result := sq_live_handles();
end;

{ What every call ends with. }
function AnswerOf(Status: TSqStatus; var Buffer: PSqBuffer; CodePage: Word): ISequraResult;
begin
  Result := TSequraResult.Create(Buffer, CodePage);
  if Status <> SQ_OK then
    raise Failure(Status, Result);
end;

class function TSequraLibrary.Echo(const Text: TSequraText): ISequraResult;
var
  Buffer: PSqBuffer;
  Bytes: TSequraBytes;
begin
  Load;
  Bytes := EncodedIn(Utf8, Text);
  Buffer := nil;
  Result := AnswerOf(sq_echo(nil, PAnsiChar(Bytes), @Buffer), Buffer, Utf8);
end;

{ ---- results ---- }

constructor TSequraResult.Create(var Buffer: PSqBuffer; CodePage: Word);
begin
  inherited Create;
  FBuffer := Buffer;
  FCodePage := CodePage;
end;

destructor TSequraResult.Destroy;
begin
  sq_buffer_free(FBuffer);
  inherited Destroy;
end;

function TSequraResult.Json: TSequraText;
begin
  Result := TextOf(sq_buffer_text(FBuffer), sq_buffer_len(FBuffer), FCodePage);
end;

function TSequraResult.Read(const JsonPointer: TSequraText; out Value: TSequraText): TSqStatus;
var
  Place, Bytes: TSequraBytes;
  Needed: Cardinal;
begin
  Value := '';
  Place := EncodedIn(FCodePage, JsonPointer);
  Needed := 0;
  Result := sq_buffer_get(FBuffer, PAnsiChar(Place), nil, @Needed);
  if Result <> SQ_BUFFER_TOO_SMALL then
    Exit;
  SetLength(Bytes, Needed);
  Result := sq_buffer_get(FBuffer, PAnsiChar(Place), PAnsiChar(Bytes), @Needed);
  if Result = SQ_OK then
    Value := TextOf(PAnsiChar(Bytes), Needed - 1, FCodePage);
end;

function TSequraResult.Get(const JsonPointer: TSequraText): TSequraText;
begin
  Check(Read(JsonPointer, Result));
end;

function TSequraResult.TryGet(const JsonPointer: TSequraText; out Value: TSequraText): Boolean;
begin
  Result := (Read(JsonPointer, Value) = SQ_OK) and (Value <> 'null');
  if not Result then
    Value := '';
end;

function TSequraResult.GetInt(const JsonPointer: TSequraText): Int64;
begin
  Result := StrToInt64(string(Get(JsonPointer)));
end;

function TSequraResult.WordAt(const JsonPointer: TSequraText): AnsiString;
var
  Value: TSequraText;
begin
  TryGet(JsonPointer, Value);
  Result := AnsiString(Value);
end;

function TSequraResult.Status: TSqStatus;
begin
  Result := GetInt('/code');
end;

function TSequraResult.Operation: TSequraOperation;
begin
  Result := SequraOperation(WordAt('/operation'));
end;

function TSequraResult.Next: TSequraNext;
begin
  Result := SequraNext(WordAt('/next'));
end;

function TSequraResult.OperatorMessage: TSequraText;
begin
  TryGet('/operator_message', Result);
end;

function TSequraResult.OrderUrl: TSequraText;
begin
  TryGet('/order/url', Result);
end;

function TSequraResult.OrderState: TSequraState;
begin
  Result := SequraState(WordAt('/order/state'));
end;

function TSequraResult.Errors: TSequraProblems;
begin
  Result := Problems('/errors');
end;

function TSequraResult.Warnings: TSequraProblems;
begin
  Result := Problems('/warnings');
end;

function TSequraResult.Problems(const List: TSequraText): TSequraProblems;
var
  Place, Word: TSequraText;
  Count: Integer;
begin
  Result := nil;
  Count := 0;
  Place := List + '/0';
  while TryGet(Place + '/code', Word) do
  begin
    SetLength(Result, Count + 1);
    Result[Count].Code := SequraErrorCode(AnsiString(Word));
    Result[Count].CodeWord := Word;
    TryGet(Place + '/message', Result[Count].Message);
    TryGet(Place + '/pointer', Result[Count].JsonPointer);
    TryGet(Place + '/expected', Result[Count].Expected);
    TryGet(Place + '/actual', Result[Count].Actual);
    TryGet(Place + '/operator_message', Result[Count].OperatorMessage);
    Inc(Count);
    Place := List + '/' + TSequraText(IntToStr(Count));
  end;
end;

{ ---- clients ---- }

constructor TSequraClient.Create(const Config: TSequraText);
var
  Buffer: PSqBuffer;
  Bytes: TSequraBytes;
begin
  inherited Create;
  TSequraLibrary.Load;
  Bytes := EncodedIn(Utf8, Config);
  Buffer := nil;
  Open(sq_client_open(PAnsiChar(Bytes), @FHandle, @Buffer), Buffer);
end;

constructor TSequraClient.CreateFromFile(const Path: TSequraText);
var
  Buffer: PSqBuffer;
  Bytes: TSequraBytes;
begin
  inherited Create;
  TSequraLibrary.Load;
  Bytes := EncodedIn(Utf8, Path);
  Buffer := nil;
  Open(sq_client_open_file(PAnsiChar(Bytes), @FHandle, @Buffer), Buffer);
end;

procedure TSequraClient.Open(Status: TSqStatus; var Buffer: PSqBuffer);
var
  Opened: TSequraResult;
{$IFDEF UNICODE}
  Encoding: TSequraText;
{$ENDIF}
begin
  Opened := TSequraResult.Create(Buffer, Utf8);
  FOpening := Opened;
  {$IFDEF UNICODE}
  { The result is in the encoding that it names; that name reads the same in all of them. }
  if Opened.TryGet('/data/text_encoding', Encoding) then
    Opened.FCodePage := CodePageOf(Encoding);
  {$ENDIF}
  FCodePage := Opened.FCodePage;
  if Status <> SQ_OK then
    raise Failure(Status, FOpening);
end;

destructor TSequraClient.Destroy;
begin
  Close;
  inherited Destroy;
end;

procedure TSequraClient.Close;
var
  Closing: PSqClient;
begin
  Closing := FHandle;
  FHandle := nil;
  FOpening := nil;
  { Another thread may be closing it too: the library takes it once. }
  if Closing <> nil then
    sq_client_close(Closing);
end;

function TSequraClient.Handle: PSqClient;
begin
  Result := FHandle;
  if Result = nil then
    raise ESequraUsage.Create('this client is closed');
end;

{ The texts are held in variables: a compiler may let go of what a function gave before the call that
  it is an argument of. }

function TSequraClient.Ask(Call: TSqAsk0): ISequraResult;
var
  Buffer: PSqBuffer;
begin
  Buffer := nil;
  Result := AnswerOf(Call(Handle, @Buffer), Buffer, FCodePage);
end;

function TSequraClient.Ask(Call: TSqAsk1; const Text: TSequraText): ISequraResult;
var
  Buffer: PSqBuffer;
  Bytes: TSequraBytes;
begin
  Bytes := EncodedIn(FCodePage, Text);
  Buffer := nil;
  Result := AnswerOf(Call(Handle, NilIfEmpty(Bytes), @Buffer), Buffer, FCodePage);
end;

function TSequraClient.Ask(Call: TSqAsk2; const First, Second: TSequraText): ISequraResult;
var
  Buffer: PSqBuffer;
  One, Two: TSequraBytes;
begin
  One := EncodedIn(FCodePage, First);
  Two := EncodedIn(FCodePage, Second);
  Buffer := nil;
  Result := AnswerOf(Call(Handle, NilIfEmpty(One), NilIfEmpty(Two), @Buffer), Buffer, FCodePage);
end;

function TSequraClient.Ask(Call: TSqAsk3; const First, Second, Third: TSequraText): ISequraResult;
var
  Buffer: PSqBuffer;
  One, Two, Three: TSequraBytes;
begin
  One := EncodedIn(FCodePage, First);
  Two := EncodedIn(FCodePage, Second);
  Three := EncodedIn(FCodePage, Third);
  Buffer := nil;
  Result := AnswerOf(Call(Handle, NilIfEmpty(One), NilIfEmpty(Two), NilIfEmpty(Three), @Buffer),
    Buffer, FCodePage);
end;

function TSequraClient.Ask(Call: TSqAsk4;
  const First, Second, Third, Fourth: TSequraText): ISequraResult;
var
  Buffer: PSqBuffer;
  One, Two, Three, Four: TSequraBytes;
begin
  One := EncodedIn(FCodePage, First);
  Two := EncodedIn(FCodePage, Second);
  Three := EncodedIn(FCodePage, Third);
  Four := EncodedIn(FCodePage, Fourth);
  Buffer := nil;
  Result := AnswerOf(Call(Handle, NilIfEmpty(One), NilIfEmpty(Two), NilIfEmpty(Three),
    NilIfEmpty(Four), @Buffer), Buffer, FCodePage);
end;

function TSequraClient.CheckCredentials: ISequraResult;
begin
  Result := Ask(sq_check_credentials);
end;

function TSequraClient.SelfTest: ISequraResult;
begin
  Result := Ask(sq_self_test);
end;

function TSequraClient.PaymentMethods(const OrderUrl: TSequraText): ISequraResult;
begin
  Result := Ask(sq_payment_methods, OrderUrl);
end;

function TSequraClient.CreditAgreements(TotalCents: Int64; const Whom: TSequraText;
  const Currency: TSequraText): ISequraResult;
var
  Buffer: PSqBuffer;
  One, Two: TSequraBytes;
begin
  One := EncodedIn(FCodePage, Whom);
  Two := EncodedIn(FCodePage, Currency);
  Buffer := nil;
  Result := AnswerOf(sq_credit_agreements(Handle, NilIfEmpty(One), TotalCents, NilIfEmpty(Two),
    @Buffer), Buffer, FCodePage);
end;

function TSequraClient.CheckOrder(const OrderJson: TSequraText): ISequraResult;
begin
  Result := Ask(sq_check_order, OrderJson);
end;

function TSequraClient.StartSolicitation(const OrderJson: TSequraText): ISequraResult;
begin
  Result := Ask(sq_start_solicitation, OrderJson);
end;

function TSequraClient.SendForm(const OrderUrl, ProductCode: TSequraText;
  const Campaign: TSequraText): ISequraResult;
begin
  Result := Ask(sq_send_form, OrderUrl, ProductCode, Campaign);
end;

function TSequraClient.SendFormBy(const OrderUrl, Channel, ProductCode: TSequraText;
  const Campaign: TSequraText): ISequraResult;
begin
  Result := Ask(sq_send_form_by, OrderUrl, Channel, ProductCode, Campaign);
end;

function TSequraClient.Hold(const OrderUrl: TSequraText;
  const OrderJson: TSequraText): ISequraResult;
begin
  Result := Ask(sq_hold, OrderUrl, OrderJson);
end;

function TSequraClient.Confirm(const OrderUrl: TSequraText;
  const OrderJson: TSequraText): ISequraResult;
begin
  Result := Ask(sq_confirm, OrderUrl, OrderJson);
end;

function TSequraClient.SetOrderRef(const OrderUrl, OrderRef1: TSequraText;
  const OrderRef2: TSequraText): ISequraResult;
begin
  Result := Ask(sq_set_order_ref, OrderUrl, OrderRef1, OrderRef2);
end;

function TSequraClient.Abandon(const Order: TSequraText): ISequraResult;
begin
  Result := Ask(sq_abandon, Order);
end;

function TSequraClient.Resolve(const Order, Outcome, Reason: TSequraText): ISequraResult;
begin
  Result := Ask(sq_resolve, Order, Outcome, Reason);
end;

function TSequraClient.OrderInfo(const Order: TSequraText): ISequraResult;
begin
  Result := Ask(sq_order_info, Order);
end;

function TSequraClient.Receipt(const Order: TSequraText; Columns: Integer): ISequraResult;
var
  Buffer: PSqBuffer;
  Bytes: TSequraBytes;
begin
  Bytes := EncodedIn(FCodePage, Order);
  Buffer := nil;
  Result := AnswerOf(sq_receipt(Handle, NilIfEmpty(Bytes), Columns, @Buffer), Buffer, FCodePage);
end;

function TSequraClient.UpdateOrder(const OrderRef1, UpdateJson: TSequraText): ISequraResult;
begin
  Result := Ask(sq_update_order, OrderRef1, UpdateJson);
end;

function TSequraClient.Ship(const OrderRef1: TSequraText;
  const ItemsJson: TSequraText): ISequraResult;
begin
  Result := Ask(sq_ship, OrderRef1, ItemsJson);
end;

function TSequraClient.Refund(const OrderRef1: TSequraText;
  const RefundJson: TSequraText): ISequraResult;
begin
  Result := Ask(sq_refund, OrderRef1, RefundJson);
end;

function TSequraClient.Cancel(const OrderRef1: TSequraText;
  const Reason: TSequraText): ISequraResult;
begin
  Result := Ask(sq_cancel, OrderRef1, Reason);
end;

function TSequraClient.HandOver(const Order: TSequraText): ISequraResult;
begin
  Result := Ask(sq_hand_over, Order);
end;

function TSequraClient.TakeOver(const Document: TSequraText): ISequraResult;
begin
  Result := Ask(sq_take_over, Document);
end;

function TSequraClient.SendDeliveryReport(const ReportJson: TSequraText): ISequraResult;
begin
  Result := Ask(sq_send_delivery_report, ReportJson);
end;

function TSequraClient.Disbursements(const Path: TSequraText): ISequraResult;
begin
  Result := Ask(sq_disbursements, Path);
end;

function TSequraClient.Pending: ISequraResult;
begin
  Result := Ask(sq_pending);
end;

function TSequraClient.Day(const Since: TSequraText; const Till: TSequraText): ISequraResult;
begin
  Result := Ask(sq_day, Since, Till);
end;

function TSequraClient.Recover(const Order: TSequraText): ISequraResult;
begin
  Result := Ask(sq_recover, Order);
end;

function TSequraClient.Reconcile: ISequraResult;
begin
  Result := Ask(sq_reconcile);
end;

function TSequraClient.Log(const QueryJson: TSequraText): ISequraResult;
begin
  Result := Ask(sq_log, QueryJson);
end;

function TSequraClient.LogDismiss(EntryId: Int64): ISequraResult;
var
  Buffer: PSqBuffer;
begin
  Buffer := nil;
  Result := AnswerOf(sq_log_dismiss(Handle, EntryId, @Buffer), Buffer, FCodePage);
end;

function TSequraClient.Echo(const Text: TSequraText): ISequraResult;
var
  Buffer: PSqBuffer;
  Bytes: TSequraBytes;
begin
  Bytes := EncodedIn(FCodePage, Text);
  Buffer := nil;
  Result := AnswerOf(sq_echo(Handle, PAnsiChar(Bytes), @Buffer), Buffer, FCodePage);
end;

{ ---- orders ---- }

constructor TSequraOrder.Create(Client: TSequraClient);
var
  OfClient: PSqClient;
begin
  inherited Create;
  TSequraLibrary.Load;
  OfClient := nil;
  FCodePage := Utf8;
  if Client <> nil then
  begin
    OfClient := Client.Handle;
    FCodePage := Client.FCodePage;
  end;
  Check(sq_order_new(OfClient, @FHandle));
end;

destructor TSequraOrder.Destroy;
begin
  Close;
  inherited Destroy;
end;

procedure TSequraOrder.Close;
begin
  sq_order_free(FHandle);
  FHandle := nil;
end;

function TSequraOrder.Handle: PSqOrder;
begin
  Result := FHandle;
  if Result = nil then
    raise ESequraUsage.Create('this order is closed');
end;

procedure TSequraOrder.SetText(const JsonPointer, Text: TSequraText);
var
  Place, Bytes: TSequraBytes;
begin
  Place := EncodedIn(FCodePage, JsonPointer);
  Bytes := EncodedIn(FCodePage, Text);
  Check(sq_order_set_text(Handle, PAnsiChar(Place), PAnsiChar(Bytes)));
end;

procedure TSequraOrder.SetInt(const JsonPointer: TSequraText; Value: Int64);
var
  Place: TSequraBytes;
begin
  Place := EncodedIn(FCodePage, JsonPointer);
  Check(sq_order_set_int(Handle, PAnsiChar(Place), Value));
end;

procedure TSequraOrder.SetFlag(const JsonPointer: TSequraText; Value: Boolean);
var
  Place: TSequraBytes;
begin
  Place := EncodedIn(FCodePage, JsonPointer);
  Check(sq_order_set_flag(Handle, PAnsiChar(Place), Ord(Value)));
end;

procedure TSequraOrder.AddItem(ItemType: TSequraItemType; const Reference, Name: TSequraText;
  Quantity, Price, Total: Int64);
begin
  AddItem(TSequraText(SequraItemTypeWords[ItemType]), Reference, Name, Quantity, Price, Total);
end;

procedure TSequraOrder.AddItem(const ItemType, Reference, Name: TSequraText;
  Quantity, Price, Total: Int64);
var
  TypeBytes, ReferenceBytes, NameBytes: TSequraBytes;
begin
  TypeBytes := EncodedIn(FCodePage, ItemType);
  ReferenceBytes := EncodedIn(FCodePage, Reference);
  NameBytes := EncodedIn(FCodePage, Name);
  Check(sq_order_add_item(Handle, NilIfEmpty(TypeBytes), NilIfEmpty(ReferenceBytes),
    NilIfEmpty(NameBytes), Quantity, Price, Total));
end;

procedure TSequraOrder.AddMeasured(const ItemType, Reference, Name, Quantity,
  Measure: TSequraText; Price: Int64);
var
  TypeBytes, ReferenceBytes, NameBytes, QuantityBytes, MeasureBytes: TSequraBytes;
begin
  TypeBytes := EncodedIn(FCodePage, ItemType);
  ReferenceBytes := EncodedIn(FCodePage, Reference);
  NameBytes := EncodedIn(FCodePage, Name);
  QuantityBytes := EncodedIn(FCodePage, Quantity);
  MeasureBytes := EncodedIn(FCodePage, Measure);
  Check(sq_order_add_measured(Handle, NilIfEmpty(TypeBytes), NilIfEmpty(ReferenceBytes),
    NilIfEmpty(NameBytes), PAnsiChar(QuantityBytes), PAnsiChar(MeasureBytes), Price));
end;

function TSequraOrder.Json: TSequraText;
var
  Buffer: PSqBuffer;
  Whole: ISequraResult;
begin
  Buffer := nil;
  Whole := AnswerOf(sq_order_json(Handle, @Buffer), Buffer, FCodePage);
  Result := Whole.Json;
end;

initialization
  Lock := TCriticalSection.Create;

finalization
  Lock.Free;

end.
