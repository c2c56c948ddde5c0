using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.SecondBook;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Transfers;
using CarbonMarket.Settlement.Withdrawals;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Conservation;

/// <summary>Anything that may be asked of the ledger, in any order, with repeats, overlaps and nonsense among it.</summary>
internal static class RandomHistory
{
    private static readonly Gen<Guid> AnyParticipant = Gen.Int[0, 2].Select(number => new[] { Smelter, Kiln, Broker }[number]);
    private static readonly Gen<ComplianceYear> AnyYear = Gen.Int[2021, 2024].Select(ComplianceYear.Of);
    private static readonly Gen<long> AnyAmount = Gen.Long[0, 400];
    private static readonly Gen<Guid> AnyId = Gen.Int[0, 40].Select(number => DeterministicGuid.From(Guid.Empty, "any", number));
    private static readonly Gen<Guid> AnyAccount = Gen.Select(AnyParticipant, Gen.Bool, (who, holding) => holding ? Holding(who) : Trading(who));
    private static readonly Gen<string> AnyTransaction = Gen.Int[0, 3].Select(number => new[] { "transfer-to-trusted", "transfer-to-untrusted", "voluntary-cancellation", "exchange" }[number]);
    private static readonly Gen<Person> AnyPerson = Gen.Int[0, 3].Select(number => new[] { SmelterOne, SmelterTwo, OfficialOne, OfficialTwo }[number]);
    private static readonly Gen<DateTimeOffset> AnyTime = Gen.Int[0, 1200].Select(day => Noon.AddDays(day));

    private static readonly Gen<LedgerCommand> AnyCommand = Gen.Frequency(
        (2, Gen.Select(AnyParticipant, Gen.Bool, (who, holding) => (LedgerCommand)(holding ? OpenHolding(who) : OpenTrading(who)))),
        (2, Gen.Select(AnyId, AnyAccount, AnyYear, AnyAmount, (id, account, vintage, amount) =>
            (LedgerCommand)new ProposeIssuance(id, account, Uka, vintage, Units(amount), Proposer, Noon))),
        (3, AnyId.Select(id => (LedgerCommand)new ApproveIssuance(id, Approver, Noon))),
        (3, Gen.Select(Gen.Int[0, 5], AnyYear, AnyParticipant, AnyAmount, AnyParticipant, AnyAmount, (plan, year, one, some, other, more) =>
            (LedgerCommand)Allocate($"plan {plan}", year, (one, some), (other, more)))),
        (3, Gen.Select(AnyParticipant, AnyAmount, AnyId, (who, amount, id) => (LedgerCommand)new DepositCash(id, Trading(who), Pence(amount), Noon))),
        (4, Gen.Select(AnyId, AnyParticipant, AnyAmount, (id, who, amount) =>
            (LedgerCommand)new TransferUnits(id, Holding(who), Trading(who), Uka, Units(amount), who, Noon))),
        (6, Gen.Select(Gen.Int[1, 20], Gen.Int[1, 4], (from, count) => (LedgerCommand)Lock([.. Enumerable.Range(from, count).Select(ATrade)]))),
        (2, Gen.Select(Gen.Int[0, 5], Gen.Int[0, 20], (day, last) => (LedgerCommand)Close(last, Today.AddDays(day)))),
        (3, Gen.Select(AnyId, AnyParticipant, AnyAmount, Gen.Bool, (id, who, amount, cash) => (LedgerCommand)new CompleteWithdrawal(
            new WithdrawalTerms(id, who, cash ? null : Uka, Units(cash ? 0 : amount), Pence(cash ? amount : 0)), Noon))),
        (4, Gen.Select(AnyId, AnyParticipant, AnyAmount, Gen.Bool, AnyTime, (id, who, amount, old, at) =>
            (LedgerCommand)new SurrenderUnits(id, Holding(who), Uka, Units(amount), old ? Y2021 : null, new Person("holder", who, IsOfficial: false), at))),
        (2, Gen.Select(AnyParticipant, AnyYear, Gen.Int[0, 3], Gen.Long[1, 5], (who, first, length, revision) =>
            (LedgerCommand)new CoverEntity(who, first, length == 0 ? null : ComplianceYear.Of(first.Value + length - 1), revision, Noon))),
        (2, Gen.Select(AnyParticipant, AnyYear, AnyAmount, Gen.Long[1, 3], AnyTime, (who, year, amount, version, at) =>
            (LedgerCommand)new RecordEmissions(who, year, Units(amount), Id("report"), version, at))),
        (1, Gen.Select(AnyParticipant, AnyYear, Gen.Bool, Gen.Long[1, 5], (who, year, excluded, revision) =>
            (LedgerCommand)new SetExclusion(who, year, excluded, revision, Noon))),
        (1, AnyTime.Select(at => (LedgerCommand)new FollowCalendar(at))),
        (5, Gen.Select(AnyId, AnyTransaction, AnyParticipant, AnyParticipant, AnyAmount, AnyPerson, AnyTime, (id, type, from, to, amount, by, at) =>
            (LedgerCommand)new ProposeTransaction(id, type, Holding(from), type.Contains("cancel", StringComparison.Ordinal) ? Cancellation : Holding(to), Uka,
                Units(amount), null, amount % 3 == 0 ? new Block(Y2021, 1 + amount, 20 + amount) : null, null, null, "ground", by with { ParticipantId = from }, at))),
        (5, Gen.Select(AnyId, AnyPerson, AnyParticipant, AnyTime, (id, by, who, at) => (LedgerCommand)new ApproveTransaction(id, by with { ParticipantId = who }, at))),
        (2, Gen.Select(AnyId, AnyPerson, AnyParticipant, Gen.Bool, AnyTime, (id, by, who, back, at) =>
            (LedgerCommand)new EndTransaction(id, back, "reason", by with { ParticipantId = who }, at))),
        (3, Gen.Select(AnyId, AnyAccount, AnyAmount, Gen.Int[0, 2], (id, account, amount, form) => (LedgerCommand)new FreezeUnits(
            id, form == 0 ? null : account, Uka, form == 0 ? new Block(Y2021, 1 + amount, 100 + amount) : null, form == 1 ? Units(amount) : null, HoldKind.Freeze,
            new FreezeGround("court", "1"), OfficialOne, Noon))),
        (3, AnyId.Select(id => (LedgerCommand)new LiftFreeze(id, new FreezeGround("court", "2"), OfficialTwo, Noon))),
        (1, Gen.Select(AnyId, AnyAccount, Gen.Int[0, 4], AnyPerson, (id, account, status, by) => (LedgerCommand)new ChangeAccountStatus(
            id, account, AccountStatuses.Ways.Keys.Order(StringComparer.Ordinal).ElementAt(status), "ground", by, Noon))),
        (1, Gen.Select(AnyId, AnyYear, AnyAmount, (id, vintage, amount) =>
            (LedgerCommand)new ProposeCap(id, Uka, vintage, Units(amount * 4), "ground", OfficialOne, Noon))),
        (1, AnyId.Select(id => (LedgerCommand)new ApproveCap(id, OfficialTwo, Noon))),
        (1, Gen.Select(AnyId, AnyAccount, AnyTime, (id, account, at) => (LedgerCommand)new SuspendDifferingAccounts(id, [account, Cancellation], at))),
        (1, Gen.Select(AnyId, AnyAmount, AnyTime, (id, version, at) => (LedgerCommand)new ReportDifferences(id, version, 0, [], at))),
        (1, Gen.Select(AnyId, AnyAccount, AnyTime, (id, account, at) =>
            (LedgerCommand)new ChangeAccountStatus(id, account, AccountStatuses.Open, "looked into", OfficialTwo, at))),
        (1, Gen.Select(AnyParticipant, AnyParticipant, Gen.Bool, (who, other, trusted) =>
            (LedgerCommand)new TrustAccount(Holding(who), Holding(other), trusted, who, Noon))));

    public static Gen<LedgerCommand[]> Commands { get; } = AnyCommand.Array[0, 120];

    /// <summary>What the command leads to, then what the ledger owes itself; a refusal leads to nothing.</summary>
    public static IEnumerable<LedgerEvent> Perform(LedgerState ledger, LedgerCommand command)
    {
        foreach (var @event in Accepted(ledger, command))
            yield return @event;
        while (NextAction.Due(ledger, command.At) is { Count: > 0 } actions)
        {
            actions.Select(action => action.CommandId).ShouldBeUnique();
            foreach (var action in actions)
            {
                var before = ledger.Version;
                foreach (var @event in Accepted(ledger, action.Command))
                    yield return @event;
                (ledger.Version > before).ShouldBeTrue($"{action} leads to nothing and would be owed for ever.");
            }
        }
    }

    private static ImmutableArray<LedgerEvent> Accepted(LedgerState ledger, LedgerCommand command) =>
        Model.Decide(ledger, command) is Decision<LedgerEvent>.Accepted accepted ? accepted.Events : [];

    // The same sequence is always the same trade: Trading never tells two stories about one.
    private static Settlement.Clearing.ExecutedTrade ATrade(int sequence)
    {
        Guid[] people = [Smelter, Kiln, Broker];
        return Trade(sequence, people[sequence % 3], people[(sequence + 1 + sequence % 2) % 3], 1 + sequence * 7 % 40, 1 + sequence % 5,
            Today.AddDays(sequence / 4)).WithFees(sequence % 4, sequence % 2);
    }
}
