using System.Text.Json;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Penalties;
using CarbonMarket.Settlement.Postings;
using CarbonMarket.Settlement.Service;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;
using CsCheck;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>The own facts of one entity or of some, against a ledger that has replayed the whole journal up to the moment asked for.</summary>
public sealed class PastEntityProperties
{
    private static readonly Guid[] Everybody = [Market.Smelter, Market.Kiln, Market.Broker, Market.Id("stranger")];

    [Fact]
    public void As_of_any_moment_an_entity_of_the_uk_stands_as_a_replay_up_to_then_says() =>
        RandomHistory.Commands.Sample(commands => AnswersAsAReplay(
            Market.Model, commands, RandomHistory.Perform, Market.Noon, days: 1300), iter: 60, threads: 1);

    [Fact]
    public void As_of_any_moment_an_entity_of_gansu_stands_as_a_replay_up_to_then_says() =>
        GansuHistory.Commands.Sample(commands => AnswersAsAReplay(
            Gansu.Model, commands, GansuHistory.Perform, Gansu.On(2025, 4, 1), days: 800), iter: 60, threads: 1);

    [Fact]
    public void What_officials_do_to_an_entity_stands_in_its_past_too()
    {
        var (start, january) = (Gansu.On(2025, 4, 1), Gansu.On(2026, 1, 10));
        var surrendered = Gone(TransactionTypes.Surrender, "surrender", Gansu.SurrenderAccount, 2024, 10_000, Market.Smelter, Gansu.Y2024, start);
        var returned = Gone("return-of-allocation", "return", Gansu.Provincial, 2025, 5_000, null, null, start);
        var (one, two, owner) = (Gansu.OfficialOne, Gansu.OfficialTwo, Market.SmelterOne);
        var home = Gansu.Holding(Market.Smelter);
        LedgerCommand[] commands =
        [
            Gansu.Open(Market.Smelter, start), Gansu.Cover(Market.Smelter, start, 2024), Gansu.Allocate(2024, Market.Smelter, 100_000, start),
            Gansu.Allocate(2025, Market.Smelter, 100_000, start), Gansu.Emissions(Market.Smelter, 2024, 30_000, start), .. Gansu.Surrender(Market.Smelter, Gansu.Cea(2024), 10_000, start).Approved(),
            new ProposeTransaction(Market.Id("undo"), "reversal-of-surrender", Gansu.SurrenderAccount, home, Gansu.Cea(2024), Units(0), null, null, null, surrendered, "error", one, start),
            new ApproveTransaction(Market.Id("undo"), two, start),
            new ReduceAllocation(Market.Id("final"), Market.Smelter, Gansu.Cea(2025), null, Units(30_000), "final figure", one, start),
            new ProposeTransaction(Market.Id("return"), "return-of-allocation", home, Gansu.Provincial, Gansu.Cea(2025), Units(5_000), null, null, null, null, "owed", owner, start),
            new ApproveTransaction(Market.Id("return"), one, start),
            new ProposeTransaction(Market.Id("back"), "correction", Gansu.Provincial, home, Gansu.Cea(2025), Units(0), null, Gansu.Block(2025, 1, 2_000), null, returned, "mistake", one, start),
            new ApproveTransaction(Market.Id("back"), two, start),
            new ProposeTransaction(Market.Id("closed"), "reversal-of-allocation", home, Gansu.Provincial, Gansu.Cea(2024), Units(500), null, null, null, null, "closed", one, start),
            new ApproveTransaction(Market.Id("closed"), two, start),
            new ProposeTransaction(
                Market.Id("forced"), "forced-surrender", Gansu.Provincial, Gansu.SurrenderAccount, Gansu.Cea(2024), Units(500), null, null, Market.Smelter, null, "default", one, start),
            new ApproveTransaction(Market.Id("forced"), two, start),
            Gansu.Open(Market.Kiln, start), Gansu.Allocate(2024, Market.Kiln, 1_000, start),
            new ProposeTransaction(Market.Id("help"), "surrender-on-behalf", Gansu.Holding(Market.Kiln), Gansu.SurrenderAccount, Gansu.Cea(2024), Units(1_000), null, null, Market.Smelter,
                null, null, new Person("kiln-1", Market.Kiln, IsOfficial: false), start),
            new FollowCalendar(january),
            new EndTransaction(Market.Id("help"), Withdrawn: false, "not entitled", two, january),
            new PublishAveragePrice(new Month(2025, 12), Price.OfMinor(7012), "notice 7", one, january),
            new AssessPenalty(Market.Id("penalty"), Market.Smelter, "surrender", Gansu.Y2024, null, null, false, "case 1", one, january),
            new DecidePenalty(Market.Id("penalty"), 1, Money.OfMinor(29_500L * 7012 * 5), "decision 1", two, january),
            Gansu.Emissions(Market.Smelter, 2024, 31_000, january, version: 2),
        ];
        var journal = Journal(Gansu.Model, commands, GansuHistory.Perform, new Random(1));
        for (var place = 0; place <= journal.Count; place++)
            StandAsInAReplay(Gansu.Model, journal[..place], [Market.Smelter], january);
        journal.Select(fact => fact.Data).OfType<TransactionCompleted>().Count(completed => completed.OnBehalfOfParticipantId == Market.Smelter).ShouldBe(3);
        Type[] wanted = [typeof(DebtSettled), typeof(DebtReopened), typeof(EntityAssessed), typeof(SubmittedInTimeChanged), typeof(PenaltyAssessed), typeof(PenaltyDecided), typeof(ObligationAmended)];
        wanted.Except(journal.Select(fact => fact.Data.GetType())).ShouldBeEmpty();

        static CompletedTransaction Gone(string type, string id, Guid to, int vintage, long quantity, Guid? entity, ComplianceYear? year, DateTimeOffset at) => new(
            Market.Id(id), type, Gansu.Holding(Market.Smelter), to, Gansu.Cea(vintage), Blocks.Of(Gansu.Block(vintage, 1, quantity)), entity, at, year);

        static Quantity Units(long quantity) => Quantity.Of(quantity);
    }

    [Fact]
    public void The_histories_hold_what_an_entity_stands_by()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        RandomHistory.Commands.Sample(commands => See(Market.Model, commands, RandomHistory.Perform), iter: 200, threads: 1, seed: "0000KOIkZgK3");
        GansuHistory.Commands.Sample(commands => See(Gansu.Model, commands, GansuHistory.Perform), iter: 300, threads: 1, seed: "0000KOIkZgK3");
        string[] wanted =
        [
            nameof(ComplianceCalendarStarted), nameof(ComplianceYearBegun), nameof(ComplianceYearClosed), nameof(EntityCovered), nameof(CoverageChanged), nameof(YearExcluded),
            nameof(ExclusionLifted), nameof(EmissionsRecorded), nameof(UnitsSurrendered), nameof(EntityAssessed),
            nameof(DeductionImposed), nameof(AllocationDeducted), nameof(AllocationReduced), nameof(Deadlines.DeadlineNoticeGiven),
        ];
        wanted.Except(seen, StringComparer.Ordinal).ShouldBeEmpty();

        void See(LedgerModel model, LedgerCommand[] commands, Func<LedgerState, LedgerCommand, IEnumerable<LedgerEvent>> perform) => seen.UnionWith(
            Journal(model, commands, perform, new Random(1)).Where(fact => EntityFact.Of(fact) is not null).Select(fact => fact.Data.GetType().Name));
    }

    private static void AnswersAsAReplay(
        LedgerModel model, LedgerCommand[] commands, Func<LedgerState, LedgerCommand, IEnumerable<LedgerEvent>> perform, DateTimeOffset start, int days)
    {
        var random = new Random(commands.Length);
        var journal = Journal(model, commands, perform, random);
        for (var question = 0; question < 8; question++)
        {
            DateTimeOffset? asOf = question == 0 ? null : start.AddDays(random.Next(-1, days));
            DateTimeOffset? knownAt = random.Next(3) > 0 ? null : Booked.FirstDay.AddSeconds(random.Next(-1, journal.Count));
            var known = journal.TakeWhile(fact => !(((LedgerEvent)fact.Data).At > asOf) && !(fact.RecordedAt > knownAt)).ToList();
            StandAsInAReplay(model, known, [Everybody[random.Next(Everybody.Length)]], asOf ?? Gansu.On(2027, 6, 1));
            StandAsInAReplay(model, known, Everybody, asOf ?? Gansu.On(2027, 6, 1));
        }
    }

    /// <param name="at">The legal time whose rules hold.</param>
    private static void StandAsInAReplay(LedgerModel model, List<JournalFact> known, Guid[] some, DateTimeOffset at)
    {
        var replayed = known.Aggregate(model.Initial(), (ledger, fact) => model.Evolve(ledger, (LedgerEvent)fact.Data));
        var own = known.Where(fact => EntityFact.Of(fact) is { } of && (some.Contains(of.ParticipantId) || of.ParticipantId == EntityFact.OfEverybody))
            .Aggregate(new LedgerState(replayed.Rules), (ledger, fact) => EntityFact.Evolve(ledger, (LedgerEvent)fact.Data));
        foreach (var who in some)
            Standing(own, who, at).ShouldBe(Standing(replayed, who, at), $"{who} after {known.Count} facts, by the rules of {at}");
    }

    /// <summary>All that is told of an entity, and how its closed years were found.</summary>
    private static string Standing(LedgerState ledger, Guid who, DateTimeOffset at) => JsonSerializer.Serialize(
        new object?[]
        {
            GetCompliance.View(ledger, who, at, null), GetObligations.View(ledger, who, at, null), DebtsOfParticipants.View(ledger, who),
            PenaltiesOfParticipants.PenaltiesView.Of(ledger, who, null), ledger.Compliance.Find(who)?.Record?.Assessments, ledger.Notices.LatestOf(who),
        },
        SettlementService.Json);

    private static List<JournalFact> Journal(
        LedgerModel model, LedgerCommand[] commands, Func<LedgerState, LedgerCommand, IEnumerable<LedgerEvent>> perform, Random random)
    {
        var (ledger, journal, recordedAt) = (model.Initial(), new List<JournalFact>(), Booked.FirstDay);
        foreach (var fact in commands.SelectMany(command => perform(ledger, command)))
        {
            ledger = model.Evolve(ledger, fact);
            recordedAt = recordedAt.AddSeconds(random.Next(-1, 3));
            journal.Add(new JournalFact(journal.Count + 1, recordedAt, fact));
        }
        return journal;
    }
}
