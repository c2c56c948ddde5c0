using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Testing;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>The people and accounts the specs speak of, and short words for what they do.</summary>
internal static class Market
{
    public const string Uka = "UKA";
    public const string Proposer = "alice";
    public const string Approver = "bob";

    public static readonly DateTimeOffset Noon = new(2021, 6, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly Today = new(2021, 6, 1);
    public static readonly ComplianceYear Y2021 = ComplianceYear.Of(2021);
    public static readonly ComplianceYear Y2022 = ComplianceYear.Of(2022);

    public static readonly PolicyPackCatalog Packs = PolicyPackCatalog.Load(
        Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["uk-ets", "gansu"]);

    /// <summary>A third of the fees goes to the risk reserve, which the shipped pack of this market does not have.</summary>
    public static readonly RuleBook Rules = new([.. Packs.Versions("uk-ets").Select(WithRiskReserve)]);
    public static readonly LedgerModel Model = new(Rules);
    public static readonly Spec<LedgerState, LedgerCommand, LedgerEvent> TheLedger = new(Model.Initial, Model.Decide, Model.Evolve);

    public static readonly Guid Smelter = Id("smelter");
    public static readonly Guid Kiln = Id("kiln");
    public static readonly Guid Broker = Id("broker");
    public static readonly Guid SurrenderAccount = new AccountBook(Rules).AuthorityId(AccountTypes.Surrender);

    public static readonly Guid Cancellation = new AccountBook(Rules).AuthorityId(AccountTypes.Cancellation);
    public static readonly Person SmelterOne = new("smelter-1", Smelter, IsOfficial: false);
    public static readonly Person SmelterTwo = new("smelter-2", Smelter, IsOfficial: false);
    public static readonly Person OfficialOne = new("official-1", Guid.Empty, IsOfficial: true);
    public static readonly Person OfficialTwo = new("official-2", Guid.Empty, IsOfficial: true);

    /// <summary>After 24 working hours of six a day from a Tuesday's 13:00 in London, which is <see cref="Noon"/>.</summary>
    public static readonly DateTimeOffset FourWorkingDaysLater = new(2021, 6, 7, 12, 0, 0, TimeSpan.Zero);

    public static Guid Id(string name) => DeterministicGuid.From(name);

    public static Guid Holding(Guid participant) => DeterministicGuid.From(participant, "holding");

    public static Guid Trading(Guid participant) => DeterministicGuid.From(participant, "trading");

    public static Quantity Units(long quantity) => Quantity.Of(quantity);

    public static Money Pence(long minor) => Money.OfMinor(minor);

    public static OpenAccount OpenHolding(Guid participant) =>
        new(Holding(participant), participant, AccountTypes.OperatorHolding, Noon);

    public static OpenAccount OpenTrading(Guid participant) =>
        new(Trading(participant), participant, AccountTypes.Trading, Noon);

    public static DepositCash Deposit(Guid participant, long pence, string id = "deposit") =>
        new(DeterministicGuid.From(participant, id), Trading(participant), Pence(pence), Noon);

    public static AllocateUnits Allocate(string plan, ComplianceYear year, params (Guid Participant, long Quantity)[] lines) => new(
        Id(plan), year, Uka, 0, [.. lines.Select(line => new AllocationLine(line.Participant, Units(line.Quantity)))], Noon);

    /// <summary>Issues units straight onto an account, by two people.</summary>
    public static IEnumerable<LedgerCommand> Issue(Guid accountId, long quantity, ComplianceYear vintage, string id = "issuance") =>
    [
        new ProposeIssuance(Id(id), accountId, Uka, vintage, Units(quantity), Proposer, Noon),
        new ApproveIssuance(Id(id), Approver, Noon),
    ];

    public static ExecutedTrade Trade(long sequence, Guid buyer, Guid seller, long quantity, long price, DateOnly? day = null) => new(
        sequence, DeterministicGuid.From(Guid.Empty, "trade", sequence), Uka, buyer, seller, Units(quantity), Price.OfMinor(price), day ?? Today, Noon);

    public static LockTrades Lock(params ExecutedTrade[] trades) => new([.. trades], Noon);

    public static CloseTradingDay Close(long last, DateOnly? day = null) => new(day ?? Today, last, Noon.AddHours(6));

    public static Blocks Serials(ComplianceYear vintage, long first, long last) => Blocks.Of(new Block(vintage, first, last));

    public static ExecutedTrade WithFees(this ExecutedTrade trade, long buyer, long seller) =>
        trade with { BuyerFee = Pence(buyer), SellerFee = Pence(seller) };

    private static PolicyPack WithRiskReserve(PolicyPack pack) => pack with
    {
        Registry = pack.Registry with
        {
            RiskReserveBasisPoints = 3_333,
            AccountTypes = pack.Registry.AccountTypes.Add(new AccountType(AccountTypes.RiskReserve, "authority", HoldsUnits: false, HoldsCash: true)),
            TransactionTypes = pack.Registry.TransactionTypes.Add(new TransactionType
            {
                Id = TransactionTypes.RiskReserveContribution, Name = "Contribution", NameZh = "提取", From = [AccountTypes.Fees], To = [AccountTypes.RiskReserve],
                ProposedBy = PolicyPacks.Proposer.Platform, ApprovedBy = PolicyPacks.Approver.Nobody,
            }),
        },
    };

    /// <summary>Runs commands on a fresh ledger; each must be accepted.</summary>
    public static LedgerState After(params IEnumerable<LedgerCommand> commands) => Then(Model.Initial(), commands);

    public static LedgerState Then(LedgerState ledger, params IEnumerable<LedgerCommand> commands)
    {
        foreach (var command in commands)
        {
            var accepted = Model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Accepted>($"{command} was refused");
            ledger = accepted.Events.Aggregate(ledger, Model.Evolve);
        }
        return ledger;
    }

    /// <summary>Does everything the ledger owes itself at that time, as its leader would.</summary>
    public static LedgerState Settle(LedgerState ledger, DateTimeOffset? legalTime = null)
    {
        while (NextAction.Due(ledger, legalTime ?? Noon) is [var action, ..])
            ledger = Then(ledger, action.Command);
        return ledger;
    }
}
