using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Compliance;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>Account types the ledger itself turns to; what each may hold, send and receive is said by the policy pack.</summary>
public static class AccountTypes
{
    /// <summary>登记账户: where an allocation arrives and from which units are surrendered.</summary>
    public const string OperatorHolding = "operator-holding";

    /// <summary>交易账户: mirrored by Trading; holds units and cash.</summary>
    public const string Trading = "trading";

    /// <summary>Where units come from; holds none itself.</summary>
    public const string Issuance = "issuance";

    /// <summary>Units answered for; nothing leaves it.</summary>
    public const string Surrender = "surrender";

    /// <summary>Units withdrawn from the total for good.</summary>
    public const string Cancellation = "cancellation";

    /// <summary>Cash between a withdrawal and the settlement bank's answer to it (在途出金).</summary>
    public const string Payouts = "payouts";

    /// <summary>Fees of trades (手续费).</summary>
    public const string Fees = "fees";

    /// <summary>What of the fees is set aside against risk (风险准备金), apart from them.</summary>
    public const string RiskReserve = "risk-reserve";

    internal const string HeldByParticipant = "participant";
}

public static class TransactionTypes
{
    public const string Issuance = "issuance";
    public const string Allocation = "allocation";
    public const string TransferToTrading = "transfer-to-trading";
    public const string TransferFromTrading = "transfer-from-trading";
    public const string TradeSettlement = "trade-settlement";
    public const string Surrender = "surrender";
    public const string CashDeposit = "cash-deposit";
    public const string CashWithdrawal = "cash-withdrawal";
    public const string PayoutReservation = "payout-reservation";
    public const string PayoutReturn = "payout-return";
    public const string TradeFee = "trade-fee";
    public const string RiskReserveContribution = "risk-reserve-contribution";
}

/// <summary>
/// What one market's ledger obeys, version by version of its policy pack. Which version decides follows from legal time
/// alone, so the same command is judged alike whenever it comes.
/// </summary>
public sealed class RuleBook
{
    private readonly ImmutableArray<PolicyPack> _packs;
    private readonly Dictionary<string, LedgerRules> _rules;
    private readonly Dictionary<object, (DateTimeOffset Snapshot, DateTimeOffset Closes)> _moments;

    /// <param name="packs">Every version, oldest first.</param>
    /// <exception cref="ArgumentException">A version asks for something this ledger does not do; nothing may start on it.</exception>
    public RuleBook(params ImmutableArray<PolicyPack> packs)
    {
        _packs = packs;
        _rules = packs.ToDictionary(pack => pack.Version, pack => new LedgerRules(pack), StringComparer.Ordinal);
        _moments = packs.SelectMany(pack => pack.Compliance.CarryOvers, (pack, rules) => (rules, (pack.SnapshotOf(rules), pack.EndOfDay(rules.Batches[^1].RequestsTo))))
            .ToDictionary(entry => (object)entry.rules, entry => entry.Item2, ReferenceEqualityComparer.Instance);
        CarryOvers = [.. packs.SelectMany(pack => pack.Compliance.CarryOvers).GroupBy(rules => rules.IntoYear).Select(same => same.Last()).OrderBy(rules => rules.IntoYear)];
    }

    public string Market => _packs[0].Market;

    public string AccountNumberPrefix => _packs[0].Registry.AccountNumberPrefix;

    /// <summary>
    /// Accounts of the authority; there is one of each from the first day. A later version may add to them, behind those
    /// there are: their place is their number.
    /// </summary>
    public IEnumerable<string> AuthorityAccountTypes =>
        _packs.SelectMany(pack => _rules[pack.Version].AuthorityAccountTypes).Distinct(StringComparer.Ordinal);

    /// <summary>First compliance year that is ever closed.</summary>
    public ComplianceYear FirstYear => ComplianceYear.Of(_packs[0].Compliance.FirstYear);

    /// <summary>Every carry-over that any version knows, by the newest that does.</summary>
    public ImmutableArray<CarryOverRules> CarryOvers { get; }

    /// <summary>The carry-over that takes units of the vintage; null: none does.</summary>
    public CarryOverRules? CarryOverOf(ComplianceYear? vintage, string instrument, DateTimeOffset at) =>
        vintage is { } year && At(at).Answers(instrument) ? CarryOvers.FirstOrDefault(rules => rules.Carries(year.Value)) : null;

    public DateTimeOffset SnapshotOf(CarryOverRules rules) => _moments[rules].Snapshot;

    /// <summary>First instant at which no more requests are taken.</summary>
    public DateTimeOffset ClosesAt(CarryOverRules rules) => _moments[rules].Closes;

    public DateTimeOffset StartOfDay(DateOnly day) => _packs[0].StartOfDay(day);

    public DateTimeOffset EndOfDay(DateOnly day) => _packs[0].EndOfDay(day);

    /// <summary>The rules of a legal moment.</summary>
    public LedgerRules At(DateTimeOffset at) => _rules[_packs.InForce(at).Version];

    public ComplianceYear YearOf(DateTimeOffset at) => ComplianceYear.Of(_packs[0].LegalDay(at).Year);

    /// <summary>First instant of the year, in the market's own zone.</summary>
    public DateTimeOffset StartOf(ComplianceYear year) => _packs[0].StartOfDay(new DateOnly(year.Value, 1, 1));

    /// <summary>Days before the year's last day of surrender on which those who are short are told so, the farthest first.</summary>
    public ImmutableArray<int> NoticeDays(ComplianceYear year) => PackAt(SurrenderDeadline(year).AddTicks(-1)).Compliance.NoticeDays;

    /// <summary>
    /// First instant at which it is too late to object to the statement of a cleared day: the market's next open (下一交易日开市),
    /// after the day and after its clearing run.
    /// </summary>
    public DateTimeOffset ObjectionsUntil(DateOnly day, DateTimeOffset clearedAt) =>
        PackAt(clearedAt).NextOpen(clearedAt > EndOfDay(day) ? clearedAt : EndOfDay(day));

    public PolicyPack PackAt(DateTimeOffset at) => _packs.InForce(at);

    /// <summary>The last legal day on which a surrender for the year is not late.</summary>
    public DateOnly LastDayOfSurrender(ComplianceYear year) => _packs[0].LegalDay(SurrenderDeadline(year).AddTicks(-1));

    /// <summary>The year whose surrender deadline comes next.</summary>
    public ComplianceYear YearToSurrender(DateTimeOffset at)
    {
        var year = FirstYear;
        while (SurrenderDeadline(year) <= at)
            year = year.Next;
        return year;
    }

    /// <summary>
    /// First instant at which the year's surrender is late, by the version in force at that instant: a later version may
    /// move a deadline that has not passed yet, never one that has.
    /// </summary>
    public DateTimeOffset SurrenderDeadline(ComplianceYear year)
    {
        for (var i = 0; ; i++)
        {
            var (begins, deadline) = (_packs[i].StartOfDay(_packs[i].ValidFrom), _packs[i].SurrenderDeadline(year));
            var late = i == 0 || deadline > begins ? deadline : begins;
            if (i + 1 == _packs.Length || late < _packs[i + 1].StartOfDay(_packs[i + 1].ValidFrom))
                return late;
        }
    }
}

/// <summary>What one version of the policy pack says of the registry and of compliance.</summary>
public sealed class LedgerRules
{
    private const string OffsetLimitShare = "offset-limit-share";
    private const string ShortfallDeductionShare = "surrender-shortfall-deduction-share";
    private const string CarryOverBase = "carry-over-base";
    private const string CarryOverFactor = "carry-over-factor";

    private readonly PolicyPack _pack;

    /// <exception cref="ArgumentException">The pack asks for something this ledger does not do; nothing may start on it.</exception>
    public LedgerRules(PolicyPack pack)
    {
        _pack = pack;
        StatusRule = StatusRule.Named(pack.Compliance.StatusRule, OffsetLimit);
        foreach (var type in pack.Registry.TransactionTypes)
        {
            if (type is { ProposedBy: Proposer.Platform, ApprovedBy: not Approver.Nobody } && type.Id is not (TransactionTypes.Issuance or TransactionTypes.Allocation or TransactionTypes.Surrender))
                throw new ArgumentException($"Market {pack.Market}: the ledger knows no second person for {type.Id}.", nameof(pack));
        }
        if (pack.Instruments.Any(instrument => instrument.Fees is not null) && !Allows(TransactionTypes.TradeFee, AccountTypes.Trading, AccountTypes.Fees))
            throw new ArgumentException($"Market {pack.Market}: fees are taken and {TransactionTypes.TradeFee} has nowhere to put them.", nameof(pack));
        if (!RiskReserve.IsNone && !Allows(TransactionTypes.RiskReserveContribution, AccountTypes.Fees, AccountTypes.RiskReserve))
            throw new ArgumentException($"Market {pack.Market}: {TransactionTypes.RiskReserveContribution} has nowhere to put its share of the fees.", nameof(pack));
    }

    public StatusRule StatusRule { get; }

    /// <summary>Accounts of the authority, in the pack's order.</summary>
    public IEnumerable<string> AuthorityAccountTypes =>
        _pack.Registry.AccountTypes.Where(type => type.HeldBy != AccountTypes.HeldByParticipant).Select(type => type.Id);

    public bool IsAccountType(string type) => _pack.Registry.AccountType(type) is not null;

    public bool ParticipantsHold(string type) => _pack.Registry.AccountType(type)?.HeldBy == AccountTypes.HeldByParticipant;

    /// <summary>A transaction may move from one type of account to another only if the pack lists both.</summary>
    public bool Allows(string transactionType, string? from, string? to) =>
        _pack.Registry.TransactionType(transactionType) is { } type && Lists(type.From, from) && Lists(type.To, to);

    /// <summary>The authority's account for allowances of entities at risk; null: the market has none.</summary>
    public string? AllocatedInTrust => _pack.Registry.AllocatedInTrust;

    public bool NeedsSecondPerson(string transactionType) =>
        _pack.Registry.TransactionType(transactionType) is { ApprovedBy: not Approver.Nobody };

    public TransactionType? Transaction(string transactionType) => _pack.Registry.TransactionType(transactionType);

    /// <summary>Transaction types that people propose.</summary>
    public IEnumerable<string> Proposable =>
        _pack.Registry.TransactionTypes.Where(type => type.ProposedBy != Proposer.Platform).Select(type => type.Id);

    /// <summary>Whether a transaction of the type takes that instrument from one type of account to another.</summary>
    public bool Moves(TransactionType type, string from, string to, string instrument) =>
        Lists(type.From, from) && Lists(type.To, to)
        && (type.Kinds.IsEmpty || (_pack.Instrument(instrument) is { } units && type.Kinds.Contains(units.Kind)));

    /// <summary>Whether an account of that status, which is not open, may still send by a transaction of the type.</summary>
    public bool MaySend(string status, string transactionType) =>
        _pack.Registry.AccountStatus(status) is { } allowed && allowed.Sends.Contains(transactionType, StringComparer.Ordinal);

    /// <inheritdoc cref="MaySend"/>
    public bool MayReceive(string status, string transactionType) =>
        _pack.Registry.AccountStatus(status) is { } allowed && allowed.Receives.Contains(transactionType, StringComparer.Ordinal);

    /// <summary>Whether an account that comes from one status to another may send or receive by it what it could not before.</summary>
    public bool LetsMore(string from, string to) => from != AccountStatuses.Open && (to == AccountStatuses.Open
        || _pack.Registry.TransactionTypes.Any(type => (MaySend(to, type.Id) && !MaySend(from, type.Id)) || (MayReceive(to, type.Id) && !MayReceive(from, type.Id))));

    /// <summary>The moment from which an account that is put on the list counts as trusted.</summary>
    public DateTimeOffset TrustedFrom(DateTimeOffset listedAt) =>
        _pack.Registry.TrustDelayWorkingHours is { } hours ? _pack.AfterWorkingHours(listedAt, hours) : listedAt;

    /// <summary>The moment from which an approved transaction may be completed.</summary>
    public DateTimeOffset AfterDelay(TransactionType type, DateTimeOffset approvedAt) =>
        type.DelayWorkingHours is { } hours ? _pack.AfterWorkingHours(approvedAt, hours) : approvedAt;

    /// <summary>Whether withdrawn cash is put aside until the settlement bank has answered; otherwise it counts as paid out at once.</summary>
    public bool PutsPayoutsAside => Allows(TransactionTypes.PayoutReservation, AccountTypes.Trading, AccountTypes.Payouts);

    /// <summary>Clearing runs of later days in which a trade that could not be delivered is tried again.</summary>
    public int UndeliveredTradeRetries => _pack.Registry.UndeliveredTradeRetries ?? 0;

    /// <summary>What of the fees goes on to the risk reserve; nothing where the pack says nothing.</summary>
    public BasisPoints RiskReserve => BasisPoints.Of(_pack.Registry.RiskReserveBasisPoints ?? 0);

    public bool IsInstrument(string instrument) => _pack.Instrument(instrument) is not null;

    /// <summary>The vintage the instrument stands for; null when it has units of any.</summary>
    public ComplianceYear? VintageOf(string instrument) =>
        _pack.Instrument(instrument)?.Vintage is { } year ? ComplianceYear.Of(year) : null;

    /// <summary>
    /// Whether units of the instrument answer for what this market accounts for, without a cap. Offsets do so for a share
    /// of the amount due only.
    /// </summary>
    public bool Answers(string instrument) =>
        _pack.Instrument(instrument) is { Kind: not InstrumentKind.Offset } units && units.Unit == _pack.Compliance.Unit;

    /// <summary>Certified reductions that may stand in for allowances.</summary>
    public bool IsOffset(string instrument) =>
        _pack.Instrument(instrument) is { Kind: InstrumentKind.Offset } units && units.Unit == _pack.Compliance.Unit
        && StatusRule.IsByYear && _pack.Parameter(OffsetLimitShare) is not null;

    /// <summary>
    /// Most offsets that count for a year, of what is due for it: the share in force on the year's last day of surrender,
    /// rounded down to whole units.
    /// </summary>
    public Quantity OffsetLimit(ComplianceYear year, Quantity due) =>
        _pack.Parameter(OffsetLimitShare)?.On(LastDayOfSurrender(year)) is { Value: var share }
            ? Quantity.Of((long)decimal.Floor(due.Value * share))
            : Quantity.Zero;

    /// <summary>Vintages that answer for a year by a surrender of that moment; null: any.</summary>
    public ImmutableArray<UsableVintages>? VintagesFor(ComplianceYear year, DateTimeOffset at)
    {
        if (_pack.Compliance.UsableVintages.IsEmpty)
            return null;
        var (late, day) = (at >= _pack.SurrenderDeadline(year), _pack.LegalDay(at));
        return [.. _pack.Compliance.UsableVintages.Where(usable => usable.IsFor(year.Value, late, day))];
    }

    /// <inheritdoc cref="VintagesFor"/>
    public bool AnswersFor(ComplianceYear year, ComplianceYear vintage, DateTimeOffset at) =>
        VintagesFor(year, at) is not { } usable || usable.Any(span => span.FirstVintage <= vintage.Value && vintage.Value <= span.LastVintage);

    /// <summary>What is granted without net sales, and how many times net sales beside it; nothing where the pack says nothing.</summary>
    public (Quantity Base, decimal Factor) CarryOverNumbers(ComplianceYear into) =>
        (Quantity.Of((long)(_pack.Parameter(CarryOverBase)?.For(into)?.Value ?? 0)), _pack.Parameter(CarryOverFactor)?.For(into)?.Value ?? 0);

    /// <summary>The allowance of a vintage, where each vintage is an instrument.</summary>
    public string? AllowanceOf(ComplianceYear vintage) =>
        _pack.Instruments.FirstOrDefault(instrument => instrument.Vintage == vintage.Value && Answers(instrument.Id))?.Id;

    /// <summary>Whether what was not surrendered may still be deducted from coming allocations by a decision of that day.</summary>
    public bool DeductsShortfall(DateTimeOffset at) => _pack.Parameter(ShortfallDeductionShare)?.On(_pack.LegalDay(at)) is not null;

    private DateOnly LastDayOfSurrender(ComplianceYear year) => _pack.LegalDay(_pack.SurrenderDeadline(year).AddTicks(-1));

    private static bool Lists(ImmutableArray<string> types, string? type) =>
        type is null ? types.IsEmpty : types.Contains(type, StringComparer.Ordinal);
}
