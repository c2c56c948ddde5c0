using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Testing;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>The other market of the specs: vintages are instruments, each year is surrendered for by itself, offsets count for a share.</summary>
internal static class Gansu
{
    public const string Ccer = "CCER";

    /// <summary>A third of the fees goes to the risk reserve, as the shipped pack allows but does not ask.</summary>
    public static readonly RuleBook Rules = new(
        [.. Market.Packs.Versions("gansu").Select(pack => pack with { Registry = pack.Registry with { RiskReserveBasisPoints = 3_333 } })]);

    public static readonly LedgerModel Model = new(Rules);
    public static readonly Spec<LedgerState, LedgerCommand, LedgerEvent> TheLedger = new(Model.Initial, Model.Decide, Model.Evolve);

    public static readonly ComplianceYear Y2023 = ComplianceYear.Of(2023);
    public static readonly ComplianceYear Y2024 = ComplianceYear.Of(2024);
    public static readonly ComplianceYear Y2025 = ComplianceYear.Of(2025);

    public static readonly Guid Smelter = Market.Smelter;
    public static readonly Guid Kiln = Market.Kiln;
    public static readonly Person OfficialOne = Market.OfficialOne;
    public static readonly Person OfficialTwo = Market.OfficialTwo;

    public static readonly Guid Provincial = new AccountBook(Rules).AuthorityId("provincial");
    public static readonly Guid SurrenderAccount = new AccountBook(Rules).AuthorityId(AccountTypes.Surrender);

    public static Guid Id(string name) => Market.Id(name);

    public static Guid Holding(Guid participant) => Market.Holding(participant);

    public static Guid Trading(Guid participant) => Market.Trading(participant);

    public static Quantity Units(long quantity) => Quantity.Of(quantity);

    /// <summary>Noon in Lanzhou.</summary>
    public static DateTimeOffset On(int year, int month, int day, int hour = 12, int minute = 0) => new(year, month, day, hour, minute, 0, TimeSpan.FromHours(8));

    public static string Cea(int vintage) => $"CEA-{vintage}";

    public static Block Block(int vintage, long first, long last) => new(ComplianceYear.Of(vintage), first, last);

    public static OpenAccount Open(Guid participant, DateTimeOffset at) => Market.OpenHolding(participant) with { At = at };

    /// <summary>Allocates units of a vintage, an instrument each.</summary>
    public static AllocateUnits Allocate(int vintage, Guid participant, long quantity, DateTimeOffset at) => new(
        Market.Id($"plan {vintage} {participant} {quantity}"), ComplianceYear.Of(vintage), Cea(vintage), 0,
        [new AllocationLine(participant, Quantity.Of(quantity))], at);

    public static IEnumerable<LedgerCommand> Issue(Guid accountId, string instrument, long quantity, DateTimeOffset at, string id = "issuance") =>
    [
        new Issuances.ProposeIssuance(Market.Id($"{id} {instrument} {accountId}"), accountId, instrument, null, Quantity.Of(quantity), Market.Proposer, at),
        new Issuances.ApproveIssuance(Market.Id($"{id} {instrument} {accountId}"), Market.Approver, at),
    ];

    public static RecordEmissions Emissions(Guid participant, int year, long verified, DateTimeOffset at, long version = 1) => new(
        participant, ComplianceYear.Of(year), Quantity.Of(verified), Market.Id($"report {year}"), version, at);

    public static CoverEntity Cover(Guid participant, DateTimeOffset at, int firstYear = 2023) => new(participant, ComplianceYear.Of(firstYear), null, 1, at);

    /// <summary>Submits a surrender; an official has to approve it.</summary>
    public static SurrenderUnits Surrender(Guid participant, string instrument, long quantity, DateTimeOffset at, int? year = null, string id = "surrender") =>
        new(Market.Id(id), Market.Holding(participant), instrument, Quantity.Of(quantity), null, new Person($"{participant}", participant, IsOfficial: false), at)
        {
            Year = year is { } answered ? ComplianceYear.Of(answered) : null,
        };

    /// <summary>The submission and its approval in the same moment.</summary>
    public static LedgerCommand[] Approved(this SurrenderUnits surrender) => [surrender, new ApproveTransaction(surrender.SurrenderId, OfficialTwo, surrender.At)];

    public static SurrenderUnits And(this SurrenderUnits surrender, string instrument, long quantity) =>
        surrender with { Further = surrender.Further.Add(new SurrenderPart(instrument, Quantity.Of(quantity), null)) };

    public static LedgerState After(params IEnumerable<LedgerCommand> commands) => Then(Model.Initial(), commands);

    /// <summary>Each command must be accepted.</summary>
    public static LedgerState Then(LedgerState ledger, params IEnumerable<LedgerCommand> commands)
    {
        foreach (var command in commands)
        {
            var accepted = Model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Accepted>($"{Model.Decide(ledger, command)}");
            ledger = accepted.Events.Aggregate(ledger, Model.Evolve);
        }
        return ledger;
    }

    /// <summary>Does everything the ledger owes itself at that time, as its leader would.</summary>
    public static LedgerState Settle(LedgerState ledger, DateTimeOffset legalTime)
    {
        while (NextAction.Due(ledger, legalTime) is [var action, ..])
            ledger = Then(ledger, action.Command);
        return ledger;
    }
}
