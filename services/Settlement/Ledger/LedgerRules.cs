using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
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
}

/// <summary>What one market's ledger obeys: the registry and compliance part of its policy pack.</summary>
public sealed class LedgerRules
{
    // The one rule there is so far; the pack will name it when a market has another.
    private const string CumulativeAbc = "cumulative-abc";

    private readonly PolicyPack _pack;

    /// <exception cref="ArgumentException">The pack asks for something this ledger does not do; nothing may start on it.</exception>
    public LedgerRules(PolicyPack pack)
    {
        _pack = pack;
        StatusRule = StatusRule.Named(CumulativeAbc);
        foreach (var type in pack.Registry.TransactionTypes)
        {
            if (type.SecondPersonApproves && type.Id is not (TransactionTypes.Issuance or TransactionTypes.Allocation))
                throw new ArgumentException($"Market {pack.Market}: the ledger knows no second person for {type.Id}.", nameof(pack));
        }
    }

    public string Market => _pack.Market;

    /// <summary>Version of the policy pack.</summary>
    public string Version => _pack.Version;

    public string AccountNumberPrefix => _pack.Registry.AccountNumberPrefix;

    public StatusRule StatusRule { get; }

    /// <summary>First compliance year that is ever closed.</summary>
    public ComplianceYear FirstYear => ComplianceYear.Of(_pack.Compliance.FirstYear);

    /// <summary>Accounts of the authority, in the pack's order; there is one of each from the first day.</summary>
    public IEnumerable<string> AuthorityAccountTypes =>
        _pack.Registry.AccountTypes.Where(type => type.HeldBy != AccountTypes.HeldByParticipant).Select(type => type.Id);

    public bool IsAccountType(string type) => _pack.Registry.AccountType(type) is not null;

    public bool ParticipantsHold(string type) => _pack.Registry.AccountType(type)?.HeldBy == AccountTypes.HeldByParticipant;

    /// <summary>A transaction may move from one type of account to another only if the pack lists both.</summary>
    public bool Allows(string transactionType, string? from, string? to) =>
        _pack.Registry.TransactionType(transactionType) is { } type && Lists(type.From, from) && Lists(type.To, to);

    public bool NeedsSecondPerson(string transactionType) =>
        _pack.Registry.TransactionType(transactionType)?.SecondPersonApproves ?? false;

    public bool IsInstrument(string instrument) => _pack.Instrument(instrument) is not null;

    /// <summary>The vintage the instrument stands for; null when it has units of any.</summary>
    public ComplianceYear? VintageOf(string instrument) =>
        _pack.Instrument(instrument)?.Vintage is { } year ? ComplianceYear.Of(year) : null;

    /// <summary>Whether units of the instrument answer for what this market accounts for.</summary>
    public bool Answers(string instrument) => _pack.Instrument(instrument)?.Unit == _pack.Compliance.Unit;

    public ComplianceYear YearOf(DateTimeOffset at) => ComplianceYear.Of(_pack.LegalDay(at).Year);

    /// <summary>First instant of the year, in the market's own zone.</summary>
    public DateTimeOffset StartOf(ComplianceYear year) => _pack.StartOfDay(new DateOnly(year.Value, 1, 1));

    /// <summary>First instant at which the year's surrender is late.</summary>
    public DateTimeOffset SurrenderDeadline(ComplianceYear year) => _pack.SurrenderDeadline(year);

    private static bool Lists(ImmutableArray<string> types, string? type) =>
        type is null ? types.IsEmpty : types.Contains(type, StringComparer.Ordinal);
}
