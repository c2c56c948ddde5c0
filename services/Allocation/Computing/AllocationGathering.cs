using System.Collections.Immutable;
using CarbonMarket.Allocation.AcceptedEmissions;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Allocation.Years;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Allocation.Computing;

/// <summary>What is asked of a computation.</summary>
/// <param name="Participants">Whom to allocate; null: everybody on the list whose turn the stage is.</param>
public sealed record AllocationQuestion(int Year, Stage Stage, string Instrument, decimal? Share, ImmutableHashSet<Guid>? Participants);

/// <summary>All that has been said of a market, from which a year's input is taken.</summary>
/// <param name="Plans">Approved plans of the instrument and year, in the order of their approval.</param>
public sealed record MarketRecords(
    IReadOnlyList<CoveredEntity> Entities, IReadOnlyList<Installation> Installations, IReadOnlyList<AcceptedFigures> Figures, AllocationYear? Year,
    IReadOnlyList<AllocationPlan> Plans);

/// <summary>Takes the input of a computation from the records: pure, so that a year can be replayed from its events.</summary>
public static class AllocationGathering
{
    private const string PreviousVerified = "previousVerified";
    private const string Verified = "verified";
    private const string Shut = "closed";

    public static AllocationInput Gather(PolicyPack pack, AllocationQuestion asked, ImmutableSortedDictionary<string, string> methodPacks, MarketRecords records, DateTimeOffset at)
    {
        var year = ComplianceYear.Of(asked.Year);
        var asOf = pack.LegalDay(at);
        var figures = records.Figures.ToDictionary(known => known.ParticipantId);
        var installations = records.Installations.Where(unit => unit.FirstYear <= year).ToLookup(unit => unit.OwnerIn(asked.Year));
        var emitters = new Emitters(records.Installations, asked, pack.Allocation);
        var past = new Past(records.Plans);
        return new AllocationInput(
            pack.Market, asked.Year, asked.Stage, asked.Instrument, asOf, asked.Share, pack.Version, methodPacks, Balances(records.Year),
            [
                .. records.Entities
                    .Where(entity => entity.Owes(year) && (asked.Participants?.Contains(entity.ParticipantId) ?? past.HasFinal(entity.ParticipantId) == (asked.Stage == Stage.Adjustment)))
                    .Select(entity => Entity(entity, asked, asOf, pack, installations[entity.ParticipantId], emitters, figures, past))
                    // Who has none of the instrument's installations is not meant, unless it was named.
                    .Where(entity => asked.Participants is not null || !entity.Units.IsEmpty)
                    .OrderBy(entity => entity.ParticipantId),
            ]);
    }

    private static ImmutableSortedDictionary<string, GivenValue> Balances(AllocationYear? year) => (year?.Balances ?? ImmutableSortedDictionary<string, BalanceValue>.Empty)
        .ToImmutableSortedDictionary(balance => balance.Key, balance => Value(balance.Value.Value, balance.Value.EventId), StringComparer.Ordinal);

    private static EntityInput Entity(
        CoveredEntity entity, AllocationQuestion asked, DateOnly asOf, PolicyPack pack, IEnumerable<Installation> owned,
        Emitters emitters, Dictionary<Guid, AcceptedFigures> figures, Past past)
    {
        var accepted = figures.GetValueOrDefault(entity.ParticipantId)?.In(asked.Year);
        var below = pack.Parameter("coverage-threshold")?.On(asOf)?.Value is { } threshold && accepted?.Verified.Value < threshold;
        // Who is shut after the final allocation (核定) has it for good: an adjustment looks at the day of that.
        var allocatedOn = asked.Stage == Stage.Adjustment && past.FinalApproval(entity.ParticipantId) is { } approvedAt ? pack.LegalDay(approvedAt) : asOf;
        var units = owned
            .Select(unit => (Unit: unit, Class: unit.ClassIn(asked.Year)))
            .Where(each => each.Class is { } known && known.Categories.Any(id => Of(pack.Allocation, id, asked)))
            .OrderBy(each => each.Unit.InstallationId).ToList();
        // Where nothing runs on, what was shut years ago stays: what was issued for the year is still netted.
        if (units.Exists(each => RanIn(each.Unit, asked.Year)))
            units.RemoveAll(each => !RanIn(each.Unit, asked.Year));
        return new EntityInput(
            entity.ParticipantId, entity.DivisionIn(asked.Year), entity.Withheld, accepted is { } figure ? Value(figure) : null, accepted?.ReportVersion,
            past.IssuedTo(entity.ParticipantId), past.LastPlanOf(entity.ParticipantId), past.HasFinal(entity.ParticipantId),
            [
                .. units.Select(each => Unit(each.Unit, each.Class!, IsShut(each.Unit, entity, allocatedOn))),
            ],
            entity.InTrust, past.InTrustOf(entity.ParticipantId),
            asked.Stage != Stage.PreAllocation && owned.Any(unit => emitters.HasPart(unit, asked.Year) && !units.Exists(each => each.Unit.Id == unit.Id)));

        UnitInput Unit(Installation unit, Classification known, bool shut)
        {
            var of = Figures(unit, asked.Year, emitters.WasAlone(unit), figures);
            return new(
                unit.InstallationId, known.Categories, Cases(known, unit, of, asked.Year, shut, below).FirstOrDefault(id => Rule(known, id) is not null), of,
                Rule(known, shut ? Shut : known.SpecialCase) is { InTrust: true });
        }

        TreatmentOfYears? Rule(Classification known, string? specialCase) => pack.Allocation.TreatmentOf(specialCase, known.Categories, asked.Year);
    }

    private static bool Of(AllocationRules rules, string category, AllocationQuestion asked) =>
        rules.Category(category, asked.Year) is { } known && Of(known, asked);

    internal static bool Of(AllocationCategory category, AllocationQuestion asked) =>
        category.Instrument == asked.Instrument || $"{category.Instrument}-{asked.Year}" == asked.Instrument;

    /// <summary>It was not shut before the year, or something was filed of the year all the same.</summary>
    private static bool RanIn(Installation unit, int year) =>
        unit.FirstYear.Value <= year && (!(unit.ClosedOn?.Year < year) || unit.ActivityIn(year) is not null);

    /// <summary>By the day of the final allocation it had been shut, or whoever owned it then had closed altogether (关停).</summary>
    private static bool IsShut(Installation unit, CoveredEntity entity, DateOnly allocatedOn) => unit.ClosedOn <= allocatedOn
        || (entity.ClosedOn is { } closedOn && closedOn <= allocatedOn && unit.OwnerIn(closedOn.Year) == entity.ParticipantId);

    /// <summary>
    /// What it was named, then what follows from what is known; the pack says which of them mean anything in the year. It is new in the
    /// first year it is known from, unless it is known to have emitted something before.
    /// </summary>
    private static IEnumerable<string> Cases(
        Classification known, Installation unit, ImmutableSortedDictionary<string, GivenValue> figures, int year, bool shut, bool below)
    {
        if (known.SpecialCase is { } named)
            yield return named;
        if (shut)
            yield return Shut;
        if (unit.FirstYear.Value == year && !(figures.GetValueOrDefault(PreviousVerified)?.Value > 0))
            yield return "new";
        if (below)
            yield return "below-threshold";
    }

    private static ImmutableSortedDictionary<string, GivenValue> Figures(Installation unit, int year, bool alone, Dictionary<Guid, AcceptedFigures> figures)
    {
        var known = ImmutableSortedDictionary.CreateBuilder<string, GivenValue>(StringComparer.Ordinal);
        if (unit.ActivityIn(year) is { } activity)
            known.AddRange(activity.Figures.Select(figure => KeyValuePair.Create(figure.Key, Value(figure.Value, activity.EventId))));
        if (Previous(unit, year - 1, alone, figures) is { } previous)
            known[PreviousVerified] = previous;
        return known.ToImmutable();
    }

    /// <summary>The unit's own verified emissions of the year before; those of one that was its owner's only one are those accepted for the owner.</summary>
    private static GivenValue? Previous(Installation unit, int year, bool alone, Dictionary<Guid, AcceptedFigures> figures) =>
        unit.ActivityIn(year) is { } before && before.Figures.TryGetValue(Verified, out var filed) ? Value(filed, before.EventId)
        : alone && figures.GetValueOrDefault(unit.OwnerIn(year))?.In(year) is { } accepted ? Value(accepted)
        : null;

    private static GivenValue Value(ActivityFigure figure, Guid eventId) => new(figure.Value, figure.Unit, "event", eventId.ToString());

    private static GivenValue Value(AcceptedFigure figure) => new(figure.Verified.Value, "tCO2", "event", figure.EventId.ToString());

    /// <summary>
    /// Installations that may have emitted part of what was accepted for their owner. What is entered for another instrument does
    /// not count, for it may be the same plant; what nobody has classified does.
    /// </summary>
    private sealed class Emitters
    {
        private readonly HashSet<string> _meant;
        private readonly HashSet<Guid> _alone;
        private readonly int _year;

        public Emitters(IReadOnlyList<Installation> installations, AllocationQuestion asked, AllocationRules rules)
        {
            _year = asked.Year;
            _meant = rules.Categories.Where(category => Of(category, asked)).Select(category => category.Id).ToHashSet(StringComparer.Ordinal);
            _alone =
            [
                .. installations.Where(unit => HasPart(unit, _year - 1))
                    .GroupBy(unit => unit.OwnerIn(_year - 1)).Where(units => units.Count() == 1).Select(units => units.Single().InstallationId),
            ];
        }

        public bool HasPart(Installation unit, int year) => RanIn(unit, year)
            && (unit.ClassIn(_year) ?? unit.Classifications.Values.FirstOrDefault())?.Categories.Any(_meant.Contains) is not false;

        /// <summary>It was the only one of its owner the year before, so that what was accepted for the owner is its own.</summary>
        public bool WasAlone(Installation unit) => _alone.Contains(unit.InstallationId);
    }

    /// <summary>What approved plans have issued and taken back.</summary>
    private sealed class Past
    {
        private readonly Dictionary<Guid, long> _issued = [];
        private readonly Dictionary<Guid, long> _inTrust = [];
        private readonly Dictionary<Guid, Guid> _plans = [];
        private readonly Dictionary<Guid, DateTimeOffset> _final = [];

        public Past(IEnumerable<AllocationPlan> plans)
        {
            foreach (var plan in plans)
            {
                foreach (var line in plan.Computation is null ? plan.Lines : [])
                    Note(plan, line.ParticipantId, line.Quantity.Value);
                foreach (var figure in plan.Computation?.Figures ?? [])
                {
                    Note(plan, figure.ParticipantId, figure.Change);
                    _inTrust[figure.ParticipantId] = InTrustOf(figure.ParticipantId) + figure.InTrust;
                    if (plan.Computation!.Input.Stage != Stage.PreAllocation)
                        _final.TryAdd(figure.ParticipantId, plan.ApprovedAt!.Value);
                }
            }
        }

        public long IssuedTo(Guid participant) => _issued.GetValueOrDefault(participant);

        /// <summary>Of that, onto the province's account.</summary>
        public long InTrustOf(Guid participant) => _inTrust.GetValueOrDefault(participant);

        public Guid? LastPlanOf(Guid participant) => _plans.TryGetValue(participant, out var plan) ? plan : null;

        public bool HasFinal(Guid participant) => _final.ContainsKey(participant);

        /// <summary>When its first final figure was approved; null: it has none.</summary>
        public DateTimeOffset? FinalApproval(Guid participant) => _final.TryGetValue(participant, out var at) ? at : null;

        private void Note(AllocationPlan plan, Guid participant, long quantity)
        {
            _issued[participant] = _issued.GetValueOrDefault(participant) + quantity;
            _plans[participant] = plan.PlanId;
        }
    }
}
