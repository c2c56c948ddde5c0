using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Payouts;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Transfers;
using CarbonMarket.Settlement.Withdrawals;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Conservation;

/// <summary>Transactions of every type that Gansu's pack has, done and undone, beside all else that moves units and cash.</summary>
internal static class TransactionHistory
{
    private const int Undone = 6;
    private static readonly DateTimeOffset Start = On(2025, 4, 1);
    private static readonly PolicyPack Pack = Rules.PackAt(Start);
    private static readonly Guid Cancellation = new Accounts.AccountBook(Rules).AuthorityId(AccountTypes.Cancellation);
    private static readonly ImmutableArray<TransactionType> Proposable = [.. Pack.Registry.TransactionTypes.Where(type => type.ProposedBy != Proposer.Platform)];

    private static readonly Gen<Guid> AnyParticipant = Gen.Bool.Select(smelter => smelter ? Smelter : Kiln);
    private static readonly Gen<string> AnyInstrument = Gen.Int[0, 3].Select(number => number == 0 ? Ccer : Cea(2024 + (number / 2)));
    private static readonly Gen<long> AnyAmount = Gen.Long[1, 900];
    private static readonly Gen<Guid> AnyId = Gen.Int[0, 40].Select(number => DeterministicGuid.From(Guid.Empty, "any", number));
    private static readonly Gen<Guid> ATransaction = Gen.Int[0, 9].Select(number => DeterministicGuid.From(Guid.Empty, "transaction", number));
    private static readonly Gen<Guid> ASurrender = Gen.Int[0, 9].Select(number => DeterministicGuid.From(Guid.Empty, "surrender", number));
    private static readonly Gen<DateTimeOffset> AnyTime = Gen.Int[0, 60].Select(day => Start.AddDays(day));
    private static readonly Gen<DateTimeOffset> LateTime = Gen.Int[300, 460].Select(day => Start.AddDays(day));
    private static readonly Gen<Person> AnyOfficial = Gen.Bool.Select(one => one ? OfficialOne : OfficialTwo);

    private static readonly LedgerCommand[] Furnished =
    [
        Open(Smelter, Start), Open(Kiln, Start), Market.OpenTrading(Smelter) with { At = Start }, Market.OpenTrading(Kiln) with { At = Start },
        Cover(Smelter, Start, 2024), Cover(Kiln, Start, 2024), Emissions(Smelter, 2024, 2_000, Start), Emissions(Kiln, 2024, 900, Start),
        Allocate(2024, Smelter, 9_000, Start), Allocate(2024, Kiln, 9_000, Start), Allocate(2025, Smelter, 5_000, Start),
        .. Issue(Holding(Smelter), Ccer, 2_000, Start), .. Issue(Trading(Kiln), Cea(2024), 3_000, Start),
        new DepositCash(Id("cash"), Trading(Smelter), Money.OfMinor(1_000_000), Start),
        new ProposeTransaction(Id("to the province"), "reversal-of-allocation", Holding(Kiln), Provincial, Cea(2024), Units(3_000), null, null, null, null, "closed", OfficialOne, Start),
        new ApproveTransaction(Id("to the province"), OfficialTwo, Start),
    ];

    private static readonly Gen<LedgerCommand> AnyCommand = Gen.Frequency(
        (12, Gen.Select(ATransaction, Gen.Int[0, Proposable.Length - 1], AnyParticipant, AnyInstrument, AnyAmount, AnyTime, Gen.Int[0, 40], Proposed)),
        (16, Gen.Select(ATransaction, AnyOfficial, AnyTime, (id, by, at) => (LedgerCommand)new ApproveTransaction(id, by, at))),
        (1, Gen.Select(ATransaction, AnyOfficial, AnyTime, (id, by, at) => (LedgerCommand)new EndTransaction(id, Withdrawn: false, "reason", by, at))),
        (6, Gen.Select(ASurrender, AnyParticipant, AnyInstrument, AnyAmount, AnyTime, (id, who, instrument, amount, at) =>
            (LedgerCommand)(Surrender(who, instrument, amount, at, 2024) with { SurrenderId = id }))),
        (3, Gen.Select(ASurrender, AnyAmount, AnyTime, (id, amount, at) => (LedgerCommand)(Surrender(Smelter, Ccer, 1 + (amount / 10), at, 2024) with { SurrenderId = id }))),
        (2, Gen.Select(AnyParticipant, AnyAmount, Gen.Int[2, 4], AnyTime, (who, amount, version, at) => (LedgerCommand)Emissions(who, 2024, amount, at, version))),
        (3, Gen.Select(AnyId, AnyParticipant, AnyAmount, AnyTime, (id, who, amount, at) =>
            (LedgerCommand)new TransferUnits(id, Holding(who), Trading(who), Cea(2024), Units(amount), who, at))),
        (3, Gen.Select(AnyId, AnyParticipant, AnyAmount, Gen.Bool, AnyTime, (id, who, amount, cash, at) => (LedgerCommand)new CompleteWithdrawal(
            new WithdrawalTerms(id, who, cash ? null : Cea(2024), Units(cash ? 0 : amount), Money.OfMinor(cash ? amount : 0)), at))),
        (3, Gen.Select(AnyId, Gen.Bool, AnyTime, (id, paid, at) => (LedgerCommand)new AnswerPayout(id, "PAY", paid ? null : "refused", at))),
        // A day is cleared once all trades up to its last have arrived: those before come with it, as new ones or as repeats.
        (3, Gen.Select(Gen.Int[1, 9], AnyTime, (last, at) => (LedgerCommand)new LockTrades([.. Enumerable.Range(1, last).Select(Executed)], at))),
        (2, Gen.Select(Gen.Int[1, 9], last => (LedgerCommand)new CloseTradingDay(new DateOnly(2025, 4, 1).AddDays(last * 4), last, Start.AddDays((last * 4) + 1)))),
        (10, Gen.Select(ASurrender, AnyOfficial, AnyTime, (id, by, at) => (LedgerCommand)new ApproveTransaction(id, by, at))),
        (1, Gen.Select(ASurrender, AnyOfficial, AnyTime, (id, by, at) => (LedgerCommand)new EndTransaction(id, Withdrawn: false, "reason", by, at))),
        (2, Gen.Select(AnyId, AnyParticipant, AnyAmount, AnyTime, (id, who, amount, at) => (LedgerCommand)new FreezeUnits(
            id, Holding(who), Cea(2024), null, Units(amount), HoldKind.Freeze, new FreezeGround("court", "1"), OfficialOne, at))),
        (2, Gen.Select(AnyId, AnyTime, (id, at) => (LedgerCommand)new LiftFreeze(id, new FreezeGround("court", "2"), OfficialTwo, at))),
        (4, Gen.Select(AnyId, AnyParticipant, AnyAmount, LateTime, (id, who, amount, at) => (LedgerCommand)new RequestCarryOver(id, Holding(who), Cea(2024), Units(amount), null, who, at))));

    /// <summary>Time goes on from one to the next; what undoes something undoes what has been completed by then.</summary>
    public static Gen<LedgerCommand[]> Commands { get; } = AnyCommand.Array[0, 80].Select(commands => Resolved([.. Furnished, .. commands.OrderBy(command => command.At)]));

    public static IEnumerable<LedgerEvent> Perform(LedgerState ledger, LedgerCommand command) => GansuHistory.Perform(ledger, command);

    /// <summary>Every type of transaction that a fact is of.</summary>
    public static IEnumerable<string> TypesOf(LedgerEvent fact) => Postings.Booked.Movements.Of(fact).Select(movement => movement.Type);

    private static ExecutedTrade Executed(int sequence) => new ExecutedTrade(
        sequence, DeterministicGuid.From(Guid.Empty, "trade", sequence), Cea(2024), sequence % 2 == 0 ? Smelter : Kiln, sequence % 2 == 0 ? Kiln : Smelter,
        Units(30 * sequence), Price.OfMinor(70), new DateOnly(2025, 4, 1).AddDays(sequence * 4), Start).WithFees(sequence % 4, sequence % 3);

    /// <summary>Undoes one of those that were completed before it.</summary>
    private sealed record Undo(Guid TransactionId, TransactionType Type, int Which, DateTimeOffset At) : LedgerCommand(At);

    private static LedgerCommand Proposed(Guid id, int number, Guid who, string instrument, long amount, DateTimeOffset at, int choice)
    {
        var (type, other) = (Proposable[number], who == Smelter ? Kiln : Smelter);
        return type.Reverses.IsEmpty
            ? new ProposeTransaction(
                id, type.Id, AccountOf(type.From[choice % type.From.Length], who), AccountOf(type.To[choice % type.To.Length], choice % 2 == 0 ? other : who), instrument,
                Units(amount), null, null, type.Id is "forced-surrender" or "surrender-on-behalf" ? other : null, null, "ground",
                type.ProposedBy == Proposer.Official ? OfficialOne : new Person("one", who, IsOfficial: false), at)
            : new Undo(id, type, choice % Undone, at);
    }

    private static Guid AccountOf(string type, Guid who) => type switch
    {
        AccountTypes.OperatorHolding => Holding(who),
        AccountTypes.Trading => Trading(who),
        AccountTypes.Surrender => SurrenderAccount,
        AccountTypes.Cancellation => Cancellation,
        _ => Provincial,
    };

    private static LedgerCommand[] Resolved(LedgerCommand[] commands)
    {
        var (ledger, completed, resolved) = (Model.Initial(), new List<CompletedTransaction>(), new List<LedgerCommand>());
        foreach (var command in commands)
        {
            if ((command is Undo undo ? Reversal(completed, undo) : command) is not { } known)
                continue;
            resolved.Add(known);
            foreach (var fact in Perform(ledger, known))
            {
                ledger = Model.Evolve(ledger, fact);
                if (Completed(fact) is { } done)
                    completed.Add(done);
            }
        }
        return [.. resolved];
    }

    private static ProposeTransaction? Reversal(List<CompletedTransaction> completed, Undo undo)
    {
        var offsets = undo.Type.Id == "return-of-offsets";
        var undoable = completed.Where(done => undo.Type.Reverses.Contains(done.Type, StringComparer.Ordinal) && offsets == (done.Instrument == Ccer)).ToList();
        return undoable.Count == 0 ? null : undoable[undo.Which % undoable.Count] is var original && original.Blocks[0] is var block
            ? new ProposeTransaction(
                undo.TransactionId, undo.Type.Id, original.ToAccountId, original.FromAccountId, original.Instrument, Quantity.Zero, null,
                offsets ? block with { First = Math.Max(block.First, block.Last - 4) } : null, null, original, "error", OfficialOne, undo.At)
            : null;
    }

    private static CompletedTransaction? Completed(LedgerEvent fact) => fact switch
    {
        UnitsSurrendered e => new(e.SurrenderId, TransactionTypes.Surrender, e.AccountId, e.ToAccountId, e.Instrument, e.Blocks, e.ParticipantId, e.At, e.Year),
        TransactionCompleted e => new(e.TransactionId, e.Type, e.FromAccountId, e.ToAccountId, e.Instrument, e.Blocks, e.OnBehalfOfParticipantId, e.At, e.Year),
        _ => null,
    };
}
