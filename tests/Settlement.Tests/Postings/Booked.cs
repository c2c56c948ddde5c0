using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Postings;

/// <summary>A journal and its postings side by side, booked as the facts come.</summary>
internal sealed class Booked
{
    public static readonly DateTimeOffset FirstDay = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RunningBalances _balances = new();

    public static Movements Movements { get; } = new("uk-ets");

    public PostingHead Head { get; private set; } = PostingHead.Start;

    public List<Posting> Postings { get; } = [];

    public List<JournalFact> Journal { get; } = [];

    public static Booked Of(IEnumerable<LedgerEvent> facts)
    {
        var booked = new Booked();
        foreach (var fact in facts)
            booked.Add(fact);
        return booked;
    }

    /// <summary>Everything that follows from the commands, by a fresh ledger.</summary>
    public static Booked After(params IEnumerable<LedgerCommand> commands)
    {
        var (ledger, booked) = (Model.Initial(), new Booked());
        foreach (var command in commands)
        {
            var accepted = Model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Accepted>($"{command} was refused");
            foreach (var fact in accepted.Events)
            {
                ledger = Model.Evolve(ledger, fact);
                booked.Add(fact);
            }
        }
        return booked;
    }

    /// <param name="recordedAt">A second after the one before unless said.</param>
    public IReadOnlyList<Posting> Add(object fact, DateTimeOffset? recordedAt = null)
    {
        var journaled = new JournalFact(Head.Version + 1, recordedAt ?? FirstDay.AddSeconds(Head.Version), fact);
        Journal.Add(journaled);
        var part = Bookkeeping.Book(Movements, Head, [journaled], _balances);
        Head = part.Head;
        Postings.AddRange(part.Postings);
        return part.Postings;
    }

    /// <summary>What the ledger says each account has, without the two accounts that stand for the world outside.</summary>
    public static Dictionary<Position, long> HoldingsOf(LedgerState ledger) => (
        from account in ledger.Accounts.All
        from held in account.AllBlocks
        group held.Block.Quantity.Value by new Position(account.Id, held.Instrument, held.Block.Vintage))
        .ToDictionary(held => held.Key, held => held.Sum())
        .Concat(ledger.Accounts.All.Where(account => !account.Cash.IsZero)
            .Select(account => KeyValuePair.Create(new Position(account.Id, Movement.Cash, null), account.Cash.Minor)))
        .ToDictionary();

    public static bool IsOfTheWorld(Guid accountId) => accountId == Movements.Issuance || accountId == Movements.Bank;

    public static Dictionary<Position, long> SumsOf(IEnumerable<Posting> postings) => postings.Where(posting => !IsOfTheWorld(posting.AccountId))
        .GroupBy(posting => new Position(posting.AccountId, posting.Asset, posting.Vintage))
        .Select(position => KeyValuePair.Create(position.Key, position.Sum(posting => posting.In - posting.Out)))
        .Where(position => position.Value != 0).ToDictionary();
}
