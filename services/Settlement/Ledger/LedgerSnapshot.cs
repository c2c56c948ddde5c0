using System.Text.Json;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.DailyStatements;
using CarbonMarket.Settlement.Deadlines;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Payouts;
using CarbonMarket.Settlement.Penalties;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Withdrawals;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>
/// A market's whole ledger as data: a shortcut past old events, never a second truth. A snapshot of another form is
/// ignored and the journal replayed, so the form may change freely with <see cref="Form"/>. Equal ledgers give equal bytes.
/// </summary>
internal sealed record LedgerSnapshot
{
    private const int CurrentForm = 9;

    /// <summary>
    /// Its transactions under way are no parts of a surrender: each stands by itself. One form earlier assessments did not say what
    /// was submitted in time either: nothing that was undecided at a deadline counted.
    /// </summary>
    private const int FirstForm = 7;

    private static readonly JsonSerializerOptions Options = new() { RespectRequiredConstructorParameters = true };

    public required int Form { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset CountsFrom { get; init; }

    public required long Fundings { get; init; }

    public required List<AccountPart> Accounts { get; init; }

    public required List<HoldingPart> AuthorityUnits { get; init; }

    public required List<CashPart> AuthorityCash { get; init; }

    public required List<HoldPart> AuthorityHolds { get; init; }

    public required List<SeriesPart> Series { get; init; }

    public required Money Deposited { get; init; }

    public required Money Withdrawn { get; init; }

    public required List<IssuanceProposal> Issuances { get; init; }

    public required List<IssuanceCap> Caps { get; init; }

    public required List<Guid> CapsInForce { get; init; }

    public required List<PlanPart> Plans { get; init; }

    public required List<WaitingLine> WaitingLines { get; init; }

    public required List<Transaction> Transactions { get; init; }

    public required List<ReversedPart> Reversed { get; init; }

    public required ClearingHouse.SnapshotParts Clearing { get; init; }

    public required List<StatementObjection> Objections { get; init; }

    public required List<WithdrawalTerms> HeldWithdrawals { get; init; }

    public required PayoutDesk.Parts Payouts { get; init; }

    public required List<ReceiptPart> Withdrawals { get; init; }

    public required List<ReceiptPart> Receipts { get; init; }

    public required CompliancePart Compliance { get; init; }

    public required List<TradedUnits> NetSales { get; init; }

    public required CarryOverBook.Parts CarryOvers { get; init; }

    public required NoticeBook.Parts Notices { get; init; }

    public required DebtBook.Parts Debts { get; init; }

    public required MonthlyTurnover.Parts Turnover { get; init; }

    public required List<Penalty> Penalties { get; init; }

    public static LedgerSnapshot Read(ReadOnlyMemory<byte> bytes)
    {
        var snapshot = JsonSerializer.Deserialize<LedgerSnapshot>(bytes.Span, Options);
        return snapshot is { Form: >= FirstForm and <= CurrentForm }
            ? snapshot
            : throw new JsonException($"This ledger reads snapshots of forms {FirstForm} to {CurrentForm}, not {snapshot?.Form}.");
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    public static LedgerSnapshot Of(LedgerState ledger) => new()
    {
        Form = CurrentForm,
        Version = ledger.Version,
        CountsFrom = ledger.CountsFrom,
        Fundings = ledger.Fundings,
        Accounts = [.. ledger.Accounts.Opened.Select(AccountPart.Of)],
        AuthorityUnits = [.. ledger.Accounts.All.Where(account => account.ParticipantId == Guid.Empty).SelectMany(HoldingPart.Of)],
        AuthorityCash = [.. ledger.Accounts.All.Where(account => account.ParticipantId == Guid.Empty && !account.Cash.IsZero).Select(account => new CashPart(account.Id, account.Cash))],
        AuthorityHolds = [.. ledger.Accounts.All.Where(account => account.ParticipantId == Guid.Empty).SelectMany(account => account.Holds.Values.Select(hold => new HoldPart(account.Id, hold)))],
        Series = [.. ledger.Serials.All.Select(series => new SeriesPart(series.Instrument, series.Vintage, series.Last))],
        Deposited = ledger.Bank.Deposited,
        Withdrawn = ledger.Bank.Withdrawn,
        Issuances = [.. ledger.Issuances.All.OrderBy(proposal => proposal.IssuanceId)],
        Caps = [.. ledger.Caps.All.Values],
        CapsInForce = [.. ledger.Caps.IdsInForce],
        Plans = [.. ledger.Allocations.Issued.Select(plan => new PlanPart(plan.Key, [.. plan.Value.Ranges]))],
        WaitingLines = [.. ledger.Allocations.Waiting],
        Transactions = [.. ledger.Transactions.Pending.Values],
        Reversed = [.. ledger.Transactions.Reversed.Select(entry => new ReversedPart(entry.Key, [.. entry.Value]))],
        Clearing = ledger.Clearing.Parts(),
        Objections = [.. ledger.Objections.All],
        HeldWithdrawals = [.. ledger.Withdrawals.Held],
        Payouts = ledger.Payouts.ToParts(),
        Withdrawals = ReceiptPart.Of(ledger.Withdrawals.Done),
        Receipts = ReceiptPart.Of(ledger.Receipts),
        Compliance = CompliancePart.Of(ledger.Compliance),
        NetSales = [.. ledger.NetSales.Parts()],
        CarryOvers = ledger.CarryOvers.ToParts(),
        Notices = ledger.Notices.ToParts(),
        Debts = ledger.Debts.ToParts(),
        Turnover = ledger.Turnover.ToParts(),
        Penalties = [.. ledger.Penalties.All.Values],
    };

    public LedgerState Restore(RuleBook rules)
    {
        var ledger = new LedgerState(rules) { Version = Version, CountsFrom = CountsFrom, Fundings = Fundings };
        foreach (var series in Series)
            ledger.Serials.Extend(series.Instrument, new Block(series.Vintage, 1, series.Last));
        foreach (var account in Accounts)
            account.Restore(ledger);
        foreach (var part in AuthorityUnits)
            part.Restore(ledger);
        AuthorityCash.ForEach(part => ledger.Accounts[part.AccountId].Credit(part.Cash));
        AuthorityHolds.ForEach(part => part.Restore(ledger));
        ledger.Bank.Received(Deposited);
        ledger.Bank.PaidOut(Withdrawn);
        Issuances.ForEach(ledger.Issuances.Note);
        ledger.Caps.Restore([.. Caps], [.. CapsInForce]);
        foreach (var plan in Plans)
            plan.Lines.ForEach(lines => ledger.Allocations.NoteIssued(plan.PlanId, lines.First, lines.Last));
        WaitingLines.ForEach(line => Allocating.Wait(ledger, line));
        Transactions.ForEach(ledger.Transactions.Begin);
        Reversed.ForEach(part => ledger.Transactions.Restore(part.TransactionId, [.. part.Parts]));
        ledger.Clearing.Restore(Clearing);
        foreach (var trade in ledger.Clearing.Open)
            LockingTrades.Bind(ledger, trade);
        Objections.ForEach(ledger.Objections.Note);
        HeldWithdrawals.ForEach(ledger.Withdrawals.Hold);
        ledger.Payouts.Restore(Payouts);
        ReceiptPart.Restore(Withdrawals, ledger.Withdrawals.Done);
        ReceiptPart.Restore(Receipts, ledger.Receipts);
        Compliance.Restore(ledger.Compliance);
        NetSales.ForEach(ledger.NetSales.Add);
        ledger.CarryOvers.Restore(CarryOvers);
        ledger.Notices.Restore(Notices);
        ledger.Debts.Restore(Debts);
        ledger.Turnover.Restore(Turnover);
        Penalties.ForEach(ledger.Penalties.Note);
        return ledger;
    }

    internal sealed record HoldingPart(Guid AccountId, string Instrument, Block Block)
    {
        public static IEnumerable<HoldingPart> Of(Account account) =>
            account.AllBlocks.Select(held => new HoldingPart(account.Id, held.Instrument, held.Block));

        public void Restore(LedgerState ledger) => ledger.Accounts[AccountId].Units.Put(Instrument, Block);
    }

    internal sealed record CashPart(Guid AccountId, Money Cash);

    internal sealed record AccountPart(
        Guid Id, string Number, Guid ParticipantId, string Type, Money Cash, List<HoldingPart> Units, List<UnitHold> Holds, List<ToldPart> ToldHeld,
        List<TrustPart> Trusted,
        string Status, string? StatusBy)
    {
        public static AccountPart Of(Account account) => new(
            account.Id, account.Number, account.ParticipantId, account.Type, account.Cash, [.. HoldingPart.Of(account)],
            [.. account.Holds.Values], [.. account.ToldHeld.Select(told => new ToldPart(told.Key, told.Value))], [.. account.Trusted.Select(entry => new TrustPart(entry.Key, entry.Value))], account.Status, account.StatusBy);

        public void Restore(LedgerState ledger)
        {
            var account = ledger.Accounts.Open(Id, Number, ParticipantId, Type);
            account.Credit(Cash);
            account.Become(Status, StatusBy);
            Units.ForEach(part => part.Restore(ledger));
            Holds.ForEach(hold => new HoldPart(Id, hold).Restore(ledger));
            ToldHeld.ForEach(told => account.TellHeld(told.Instrument, told.Held));
            Trusted.ForEach(entry => ledger.Accounts[Id].Trust(entry.AccountId, entry.From));
        }
    }

    internal sealed record HoldPart(Guid AccountId, UnitHold Hold)
    {
        public void Restore(LedgerState ledger)
        {
            ledger.Accounts[AccountId].Hold(Hold);
            if (Hold.Kind is HoldKind.Freeze or HoldKind.Pledge)
                ledger.Freezes.Note(Hold.HoldId, AccountId);
        }
    }

    internal sealed record ToldPart(string Instrument, Quantity Held);

    internal sealed record TrustPart(Guid AccountId, DateTimeOffset From);

    internal sealed record ReversedPart(Guid TransactionId, List<Blocks> Parts);

    internal sealed record SeriesPart(string Instrument, ComplianceYear Vintage, long Last);

    internal sealed record PlanPart(Guid PlanId, List<SerialRange> Lines);

    internal sealed record ReceiptPart(Guid Id, Receipt Receipt)
    {
        public static List<ReceiptPart> Of(Receipts receipts) => [.. receipts.All.OrderBy(entry => entry.Key).Select(entry => new ReceiptPart(entry.Key, entry.Value))];

        public static void Restore(List<ReceiptPart> parts, Receipts receipts) => parts.ForEach(part => receipts.AddOwn(part.Id, part.Receipt));
    }

    internal sealed record FilePart(
        Guid ParticipantId, ComplianceRecord? Record, List<CoverEntity> HeldCoverage, List<SetExclusion> HeldExclusions,
        List<RecordEmissions> HeldEmissions, List<ComplianceEvent.UnitsSurrendered> EarlySurrenders,
        List<ComplianceEvent.SurrenderReversed> EarlyReversals)
    {
        public static FilePart Of(EntityFile file) => new(file.ParticipantId, file.Record, [.. file.HeldCoverage],
            [.. file.HeldExclusions], [.. file.HeldEmissions], [.. file.EarlySurrenders], [.. file.EarlyReversals]);

        public EntityFile Restore()
        {
            var file = new EntityFile(ParticipantId) { Record = Record };
            file.HeldCoverage.AddRange(HeldCoverage);
            file.HeldExclusions.AddRange(HeldExclusions);
            file.HeldEmissions.AddRange(HeldEmissions);
            file.EarlySurrenders.AddRange(EarlySurrenders);
            file.EarlyReversals.AddRange(EarlyReversals);
            return file;
        }
    }

    internal sealed record CompliancePart(
        ComplianceYear? CurrentYear, ComplianceYear? NextToClose, List<ClosedYear> Closed, List<FilePart> Files)
    {
        public static CompliancePart Of(ComplianceBook book) =>
            new(book.CurrentYear, book.NextToClose, [.. book.Closed], [.. book.Files.OrderBy(file => file.ParticipantId).Select(FilePart.Of)]);

        public void Restore(ComplianceBook book)
        {
            Closed.ForEach(book.Close);
            if (CurrentYear is { } current && NextToClose is { } toClose)
                book.Start(current, toClose);
            Files.ForEach(part => book.Restore(part.Restore()));
        }
    }
}
