using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Payouts;
using CarbonMarket.Settlement.Penalties;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Withdrawals;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Conservation;

/// <summary>Compliance money in any order: surrenders of several kinds, carry-overs, debts, fines and amended reports, from 2025 into 2027.</summary>
internal static class GansuHistory
{
    private static readonly DateTimeOffset Start = On(2025, 4, 1);
    private static readonly Gen<Guid> AnyParticipant = Gen.Bool.Select(smelter => smelter ? Smelter : Kiln);
    private static readonly Gen<int> AnyVintage = Gen.Int[2023, 2026];
    private static readonly Gen<long> AnyAmount = Gen.Long[0, 9_000];
    private static readonly Gen<Guid> AnyId = Gen.Int[0, 30].Select(number => DeterministicGuid.From(Guid.Empty, "any", number));
    private static readonly Gen<Guid> ASurrender = Gen.Int[0, 9].Select(number => DeterministicGuid.From(Guid.Empty, "surrender", number));
    private static readonly Gen<Guid> ARequest = Gen.Int[0, 8].Select(number => DeterministicGuid.From(Guid.Empty, "request", number));
    private static readonly Gen<Guid> ATransaction = Gen.Int[0, 5].Select(number => DeterministicGuid.From(Guid.Empty, "transaction", number));
    private static readonly Gen<Guid> AnyPayout = Gen.Int[0, 4].Select(number => DeterministicGuid.From(Guid.Empty, "payout", number));
    private static readonly Gen<DateTimeOffset> AnyTime = Gen.Int[0, 700].Select(day => Start.AddDays(day));
    private static readonly Gen<Person> AnyOfficial = Gen.Bool.Select(one => one ? OfficialOne : OfficialTwo);
    private static readonly Gen<DeductionReason> AnyReason = Gen.Int[0, 3].Select(number => (DeductionReason)number);

    private static readonly LedgerCommand[] Furnished =
    [
        Open(Smelter, Start), Open(Kiln, Start), Market.OpenTrading(Smelter) with { At = Start }, Market.OpenTrading(Kiln) with { At = Start },
        Cover(Smelter, Start, 2025), Cover(Kiln, Start, 2024), .. Issue(Holding(Smelter), Ccer, 3_000, Start), .. Issue(Holding(Smelter), Cea(2024), 15_000, Start),
        .. Issue(Trading(Kiln), Cea(2024), 9_000, Start),
        Allocate(2025, Smelter, 9_000, Start), Allocate(2025, Kiln, 9_000, Start),
        new Cash.DepositCash(Id("cash"), Trading(Smelter), Money.OfMinor(1_000_000), Start),
    ];

    private static readonly Gen<LedgerCommand> AnyCommand = Gen.Frequency(
        (3, Gen.Select(AnyVintage, AnyParticipant, AnyAmount, AnyTime, (vintage, who, amount, at) => (LedgerCommand)Allocate(vintage, who, amount, at))),
        (1, Gen.Select(AnyVintage, AnyParticipant, AnyAmount, AnyTime, (vintage, who, amount, at) => (LedgerCommand)(Allocate(vintage, who, amount + 1, at) with
        {
            Lines = [new AllocationLine(who, Units(amount + 1), InTrust: true)],
        }))),
        (6, Gen.Select(ASurrender, AnyParticipant, AnyVintage, AnyAmount, Gen.Int[2023, 2026], AnyTime, Gen.Int[0, 2], (id, who, vintage, amount, year, at, further) =>
            (LedgerCommand)(Surrender(who, Cea(vintage), amount, at, year == 2026 ? null : year) with { SurrenderId = id } is var one && further == 0 ? one
                : further == 1 ? one.And(Ccer, 1 + amount / 20) : one.And(Cea(vintage == 2024 ? 2023 : 2024), 1 + amount / 2)))),
        (3, Gen.Select(AnyParticipant, Gen.Int[2024, 2025], AnyAmount, Gen.Int[1, 3], AnyTime, (who, year, amount, version, at) => (LedgerCommand)Emissions(who, year, amount, at, version))),
        (6, Gen.Select(ARequest, AnyParticipant, Gen.Int[2023, 2024], AnyAmount, Gen.Int[290, 500], (id, who, vintage, amount, day) =>
            (LedgerCommand)new RequestCarryOver(id, Holding(who), Cea(vintage), Units(amount), null, who, Start.AddDays(day)))),
        (2, Gen.Select(ARequest, AnyOfficial, Gen.Int[310, 450].Select(day => Start.AddDays(day)), (id, by, at) => (LedgerCommand)new EndCarryOver(id, "reason", by, at))),
        (2, Gen.Select(AnyId, AnyParticipant, AnyReason, AnyAmount, AnyOfficial, AnyTime, (id, who, reason, amount, by, at) =>
            (LedgerCommand)new ImposeDeduction(id, who, reason, Units(amount), "ground", by, at))),
        (3, Gen.Select(AnyId, AnyParticipant, Gen.Int[2025, 2026], AnyAmount, AnyOfficial, AnyTime, (id, who, vintage, amount, by, at) =>
            (LedgerCommand)new ReduceAllocation(id, who, Cea(vintage), null, Units(amount), "ground", by, at))),
        (4, Gen.Select(ATransaction, AnyParticipant, AnyVintage, AnyAmount, AnyOfficial, AnyTime, Gen.Int[0, 2], (id, who, vintage, amount, by, at, kind) =>
            (LedgerCommand)new ProposeTransaction(id, kind < 2 ? "reversal-of-allocation" : "forced-surrender", kind < 2 ? Holding(who) : Provincial,
                kind < 2 ? Provincial : SurrenderAccount, Cea(vintage), Units(amount / 3), null, null, kind < 2 ? null : who, null, "ground", by, at))),
        (7, Gen.Select(ATransaction, AnyOfficial, AnyTime, (id, by, at) => (LedgerCommand)new ApproveTransaction(id, by, at))),
        (8, Gen.Select(ASurrender, AnyOfficial, AnyTime, (id, by, at) => (LedgerCommand)new ApproveTransaction(id, by, at))),
        (3, Gen.Select(ASurrender, AnyOfficial, AnyTime, (id, by, at) => (LedgerCommand)new EndTransaction(id, Withdrawn: false, "reason", by, at))),
        (2, Gen.Select(AnyId, AnyParticipant, AnyVintage, AnyAmount, AnyTime, (id, who, vintage, amount, at) => (LedgerCommand)new FreezeUnits(
            id, Holding(who), Cea(vintage), null, Units(amount / 4), HoldKind.Freeze, new FreezeGround("court", "1"), OfficialOne, at))),
        (2, Gen.Select(AnyId, AnyTime, (id, at) => (LedgerCommand)new LiftFreeze(id, new FreezeGround("court", "2"), OfficialTwo, at))),
        (2, Gen.Select(Gen.Int[1, 12], Gen.Int[0, 300], (sequence, day) => (LedgerCommand)new LockTrades(
            [
                new ExecutedTrade(sequence, DeterministicGuid.From(Guid.Empty, "trade", sequence), Cea(2024), Smelter, Kiln, Units(100 * sequence), Price.OfMinor(70),
                    new DateOnly(2025, 4, 1).AddDays(sequence * 20), Start),
            ], Start.AddDays(day)))),
        (1, Gen.Select(Gen.Int[0, 12], last => (LedgerCommand)new CloseTradingDay(new DateOnly(2025, 4, 1).AddDays(last * 20), last, Start.AddDays((last * 20) + 1)))),
        (1, Gen.Select(Gen.Int[11, 12], Gen.Long[1, 90], (month, price) => (LedgerCommand)new PublishAveragePrice(new Month(2025, month), Price.OfMinor(price), "ground", OfficialOne, Start))),
        (3, Gen.Select(AnyId, AnyParticipant, Gen.Int[2024, 2025], AnyOfficial, AnyTime, (id, who, year, by, at) =>
            (LedgerCommand)new AssessPenalty(id, who, "surrender", ComplianceYear.Of(year), null, null, false, "ground", by, at))),
        (1, Gen.Select(AnyId, Gen.Int[1, 2], AnyAmount, AnyOfficial, AnyTime, (id, step, amount, by, at) =>
            (LedgerCommand)new DecidePenalty(id, step, Money.OfMinor(amount * 1_000), "ground", by, at))),
        (4, Gen.Select(AnyPayout, AnyParticipant, AnyAmount, AnyTime, (id, who, amount, at) =>
            (LedgerCommand)new CompleteWithdrawal(new WithdrawalTerms(id, who, null, Quantity.Zero, Money.OfMinor(1 + amount)), at))),
        (4, Gen.Select(AnyPayout, Gen.Int[0, 2], AnyTime, (id, answer, at) => (LedgerCommand)new AnswerPayout(id, $"PAY-{answer}", answer == 0 ? "refused" : null, at))),
        (1, AnyTime.Select(at => (LedgerCommand)new FollowCalendar(at))));

    /// <summary>Time goes on from one to the next, as the clock of a running service does.</summary>
    public static Gen<LedgerCommand[]> Commands { get; } = AnyCommand.Array[0, 60].Select(commands => Furnished.Concat(commands.OrderBy(command => command.At)).ToArray());

    /// <summary>What the command leads to, then what the ledger owes itself; a refusal leads to nothing.</summary>
    public static IEnumerable<LedgerEvent> Perform(LedgerState ledger, LedgerCommand command)
    {
        foreach (var @event in Accepted(ledger, command))
            yield return @event;
        while (NextAction.Due(ledger, command.At) is [var action, ..])
        {
            var before = ledger.Version;
            foreach (var @event in Accepted(ledger, action.Command))
                yield return @event;
            (ledger.Version > before).ShouldBeTrue($"{action} leads to nothing and would be owed for ever.");
        }
    }

    private static ImmutableArray<LedgerEvent> Accepted(LedgerState ledger, LedgerCommand command) =>
        Model.Decide(ledger, command) is Decision<LedgerEvent>.Accepted accepted ? accepted.Events : [];
}
