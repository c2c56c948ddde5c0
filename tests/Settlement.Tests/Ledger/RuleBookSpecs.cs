using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Issuances;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>Rules change; what was decided under the old ones stands, and each moment has its own.</summary>
public sealed class RuleBookSpecs
{
    private const string Added = "NEW";
    private static readonly PolicyPack First = Packs.Find("uk-ets")!;
    private static readonly PolicyPack Second = First with
    {
        Version = "second",
        ValidFrom = Today.AddDays(1),
        Instruments = First.Instruments.Add(First.Instruments[0] with { Id = Added }),
        Registry = First.Registry with
        {
            AccountTypes = First.Registry.AccountTypes.Add(new AccountType("set-aside", "authority", HoldsUnits: true, HoldsCash: false)),
        },
    };

    private static readonly LedgerModel Both = new(new RuleBook(First, Second));

    [Fact]
    public void A_command_is_judged_by_the_version_of_its_legal_day()
    {
        Code(Propose(Noon)).ShouldBe("unknown-instrument");
        Code(Propose(Noon.AddDays(1))).ShouldBeNull();
    }

    [Theory]
    [InlineData("CEA-2025", true)]
    [InlineData("CCER", false)]
    [InlineData("TCE-2025", false)]
    [InlineData("CEA", false)]
    public void Allowances_answer_for_emissions_and_offsets_not_without_a_cap(string instrument, bool answers) =>
        new LedgerRules(Packs.Find("gansu")!).Answers(instrument).ShouldBe(answers);

    [Fact]
    public void A_version_ends_at_midnight_where_the_market_is()
    {
        var midnight = First.StartOfDay(Second.ValidFrom);
        Code(Propose(midnight.AddTicks(-1))).ShouldBe("unknown-instrument");
        Code(Propose(midnight)).ShouldBeNull();
    }

    [Fact]
    public void Accounts_of_the_authority_that_a_version_adds_leave_the_others_their_numbers()
    {
        var before = new LedgerModel(new RuleBook(First)).Initial().Accounts.All.Select(account => (account.Type, account.Number)).ToList();
        var after = Both.Initial().Accounts.All.Select(account => (account.Type, account.Number)).ToList();
        after[..^1].ShouldBe(before);
        after[^1].Type.ShouldBe("set-aside");
    }

    private static ProposeIssuance Propose(DateTimeOffset at) => new(Id("issuance"), Trading(Broker), Added, Y2021, Units(5), Market.Proposer, at);

    private static string? Code(LedgerCommand command)
    {
        var ledger = Both.Initial();
        foreach (var opened in ((Decision<LedgerEvent>.Accepted)Both.Decide(ledger, OpenTrading(Broker))).Events)
            Both.Evolve(ledger, opened);
        return (Both.Decide(ledger, command) as Decision<LedgerEvent>.Rejected)?.Code;
    }
}
