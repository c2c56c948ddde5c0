using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Calculation;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Allocation.Computing;

/// <summary>
/// Computes allowances (配额) from an input and the packs it names: pure, and the same on every machine. Formulas, factors
/// and rounding are the method packs'; here is only which method is asked for what, and in which order.
/// </summary>
/// <param name="packs">A method pack by its id.</param>
public sealed class AllocationRun(AllocationRules rules, Func<string, MethodPack> packs, AllocationInput input)
{
    /// <summary>Inputs of methods that are not filed for an installation but known otherwise.</summary>
    private const string Verified = "verified";
    private const string Balance = "balance";
    internal const string Share = "share";

    /// <summary>The method by which a special case gets what was verified.</summary>
    private const string AsVerified = "as-verified";

    public IEnumerable<EntityResult> Entities() => input.Entities.Select(Compute);

    public EntityResult Compute(EntityInput entity) => new EntityRun(this, entity).Compute();

    private AllocationRules Rules => rules;

    private AllocationInput Input => input;

    private MethodPack Pack(string id) => packs(id);

    private sealed class EntityRun(AllocationRun run, EntityInput entity)
    {
        private readonly ImmutableArray<Trace>.Builder _traces = ImmutableArray.CreateBuilder<Trace>();
        private readonly List<string> _hashes = [];
        private readonly ImmutableArray<Obstacle>.Builder _obstacles = ImmutableArray.CreateBuilder<Obstacle>();

        private int Year => run.Input.Year;

        private bool IsPre => run.Input.Stage == Stage.PreAllocation;

        public EntityResult Compute()
        {
            CheckStage();
            CheckUnits();
            var units = _obstacles.Count == 0 ? entity.Units.Select(Unit).ToImmutableArray() : [];
            var figure = _obstacles.Count == 0 ? Entity([.. units.Select(unit => unit!)]) : null;
            return _obstacles.Count == 0 ? new EntityResult(figure, _traces.ToImmutable(), []) : new EntityResult(null, [], _obstacles.ToImmutable());
        }

        private void CheckStage()
        {
            if (entity.HasFinal && run.Input.Stage != Stage.Adjustment)
                Stop(null, "final-stands", $"its final figure for {Year} has been approved; it is changed by an adjustment");
            if (!entity.HasFinal && run.Input.Stage == Stage.Adjustment)
                Stop(null, "no-final-figure", $"it has no final figure for {Year} that could be adjusted");
        }

        private void CheckUnits()
        {
            if (entity.Units.IsEmpty)
                Stop(null, "no-installation", $"it has no installation of {run.Input.Instrument} in {Year} that has been classified");
            if (!IsPre && entity.Verified is null && entity.Units.SelectMany(unit => unit.Categories).Any(AsksForVerified))
                Stop(null, "no-accepted-figure", $"its verified emissions of {Year} have not been accepted");
            var filed = entity.Units.Select(unit => unit.Figures.GetValueOrDefault(Verified)).ToList();
            if (!IsPre && entity.Verified is { } accepted && filed.Count > 0 && filed.All(figure => figure is not null)
                && new Rounding(RoundingMode.HalfUp, 0).Apply(filed.Sum(Tonnes)) is var together
                && (entity.HasOthers ? together > accepted.Value : together != accepted.Value))
                Stop(null, "unit-figures-differ", string.Create(CultureInfo.InvariantCulture,
                    $"its installations' verified emissions are {filed.Sum(Tonnes)} t together; {accepted.Value} t were accepted"));

            static decimal Tonnes(GivenValue? figure) => figure!.Figure.Measure.In(CarbonMarket.Calculation.Unit.Parse("tCO2"))?.Value ?? 0;
        }

        private bool AsksForVerified(string id) => run.Rules.Category(id, Year) is { } category
            && (category.Entity is not null || run.Pack(category.MethodPack).Method(category.Method, Year)?.Inputs.Any(asked => asked.Name == Verified) is true);

        private UnitFigure? Unit(UnitInput unit)
        {
            if (Category(unit) is not { } category)
                return null;
            var (treatment, first) = (run.Rules.Treatment(unit.SpecialCase, Year), _traces.Count);
            var allowances = treatment switch
            {
                Treatment.NotAllocated => 0,
                _ when IsPre => Pre(unit, category, treatment),
                Treatment.AsVerified => Ask(unit.InstallationId, category, AsVerified, Words.Empty, Given(unit, category, AsVerified)),
                _ => Floored(unit, category, Ask(unit.InstallationId, category, category.Method, category.Scope, Given(unit, category, category.Method))),
            };
            return new UnitFigure(unit.InstallationId, category.Id, unit.SpecialCase, treatment, allowances, Hashes(first));
        }

        /// <summary>The least favourable of the categories: the one with the lowest benchmark.</summary>
        private AllocationCategory? Category(UnitInput unit)
        {
            var categories = unit.Categories.Select(id => run.Rules.Category(id, Year)).ToList();
            if (categories.Count == 0 || categories.Contains(null))
            {
                Stop(unit.InstallationId, "no-method", $"the rules of {Year} have no method for {string.Join(", ", unit.Categories)}");
                return null;
            }
            return categories.Count == 1 ? categories[0] : categories.MinBy(category => Benchmark(category!));
        }

        private decimal Benchmark(AllocationCategory category) => category.Benchmark is { } factor
            ? run.Pack(category.MethodPack).Factors[factor].Find(category.Scope, Year, run.Input.AsOf)?.Value ?? decimal.MaxValue
            : decimal.MaxValue;

        private long Pre(UnitInput unit, AllocationCategory category, Treatment treatment)
        {
            if (category.Pre is not { } method)
                return 0;
            var given = Given(unit, category, method);
            // What is new has no emissions of the year before, of which there could be a share, and waits for its final figure.
            return treatment == Treatment.AsVerified && given.Keys.All(name => name == Share) ? 0 : Ask(unit.InstallationId, category, method, ScopeOf(category, method), given);
        }

        private long Floored(UnitInput unit, AllocationCategory category, long initial)
        {
            if (category.Floor is not { } method || _obstacles.Count > 0)
                return initial;
            var given = Given(unit, category, method).SetItem("initial", [new GivenFigure(_traces[^1].Measure, new Origin("trace", _hashes[^1]))]);
            return Ask(unit.InstallationId, category, method, Words.Empty, given);
        }

        /// <summary>The figures a method asks for, as far as they are known; what is missing it says itself.</summary>
        private ImmutableSortedDictionary<string, ImmutableArray<GivenFigure>> Given(UnitInput unit, AllocationCategory category, string method)
        {
            var given = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<GivenFigure>>(StringComparer.Ordinal);
            foreach (var name in run.Pack(category.MethodPack).Method(method, Year)?.Inputs.Select(asked => asked.Name) ?? [])
            {
                var value = name switch
                {
                    Balance => run.Input.Balances.GetValueOrDefault(category.Id),
                    Share => run.Input.Share is { } share ? new GivenValue(share, "1", "decision", "share of the pre-allocation set for this plan") : null,
                    Verified => VerifiedOf(unit),
                    _ => unit.Figures.GetValueOrDefault(name),
                };
                if (value is not null)
                    given[name] = [value.Figure];
                else if (name == Balance)
                    Stop(unit.InstallationId, "balance-value-not-published", $"the balance value of {category.Id} for {Year} has not been published");
                else if (name == Verified)
                    Stop(unit.InstallationId, "no-accepted-figure", $"its verified emissions of {Year} have not been accepted, or not been told apart by installation");
            }
            return given.ToImmutable();
        }

        /// <summary>An only installation has emitted what the entity has.</summary>
        private GivenValue? VerifiedOf(UnitInput unit) => entity is { Units.Length: 1, HasOthers: false }
            ? entity.Verified
            : entity.Verified is null ? null : unit.Figures.GetValueOrDefault(Verified);

        private EntityFigure? Entity(ImmutableArray<UnitFigure> units)
        {
            if (_obstacles.Count > 0)
                return null;
            var (first, unitTotal) = (_traces.Count, units.Sum(unit => unit.Allowances));
            var categories = units.ToDictionary(unit => unit.InstallationId, unit => run.Rules.Category(unit.Category, Year)!);
            var allowances = IsPre ? unitTotal : unitTotal + categories.Values.Select(category => category.Entity).OfType<string>().Distinct(StringComparer.Ordinal)
                .Sum(method => TopUp(method, [.. units.Where(unit => categories[unit.InstallationId].Entity == method && unit.Treatment != Treatment.NotAllocated)], categories));
            if (_obstacles.Count > 0)
                return null;
            var (issued, returned) = IsPre
                ? (Math.Max(0, allowances - entity.Before), 0)
                : Difference(allowances, categories[units[0].InstallationId], first);
            var inTrust = IsPre ? 0 : entity.InTrust ? issued : entity.Withheld is null ? OfShutUnits(units, issued) : 0;
            var withheld = entity.Withheld is null ? 0 : issued - inTrust;
            return _obstacles.Count > 0 ? null : new EntityFigure(
                entity.ParticipantId, entity.Division, unitTotal, allowances, entity.Before, issued - withheld - inTrust, returned, withheld, entity.ReportVersion, units, Hashes(first),
                inTrust);
        }

        /// <summary>
        /// What of the issue goes to the province for units that were shut: all of it where none runs on, else as much as they are
        /// allocated, for what the entity had before may have been theirs or not.
        /// </summary>
        private long OfShutUnits(ImmutableArray<UnitFigure> units, long issued) => entity.Units.All(unit => unit.InTrust)
            ? issued
            : Math.Clamp(units.Zip(entity.Units).Where(pair => pair.Second.InTrust).Sum(pair => pair.First.Allowances) - entity.BeforeInTrust, 0, issued);

        /// <summary>What the entity gets beyond the sum of its installations.</summary>
        private long TopUp(string method, ImmutableArray<UnitFigure> units, Dictionary<Guid, AllocationCategory> categories)
        {
            if (units.IsEmpty)
                return 0;
            var verified = units.Length == entity.Units.Length && !entity.HasOthers ? entity.Verified : Together(units);
            if (verified is null)
            {
                Stop(null, "no-accepted-figure", $"its verified emissions of {Year} have not been accepted, or not been told apart by installation");
                return 0;
            }
            var given = ImmutableSortedDictionary<string, ImmutableArray<GivenFigure>>.Empty.WithComparers(StringComparer.Ordinal)
                .Add("units", [.. units.Select(unit => new GivenFigure(Measure.Of(unit.Allowances, "tCO2"), new Origin("trace", unit.Traces[^1])))])
                .Add(Verified, [verified.Figure]);
            var whole = Ask(null, categories[units[0].InstallationId], method, Words.Empty, given);
            return _obstacles.Count > 0 ? 0 : whole - units.Sum(unit => unit.Allowances);
        }

        /// <summary>In the unit of the first, so that stored plans of figures that were all filed in one unit keep their traces.</summary>
        private GivenValue? Together(ImmutableArray<UnitFigure> units)
        {
            var filed = units.Select(unit => VerifiedOf(entity.Units.First(input => input.InstallationId == unit.InstallationId))).ToList();
            if (filed.Contains(null))
                return null;
            var measures = filed.Select(figure => figure!.Figure.Measure.In(filed[0]!.Figure.Measure.Unit)).ToList();
            return measures.Contains(null) ? null : new GivenValue(
                measures.Sum(measure => measure!.Value.Value), filed[0]!.Unit, "events",
                string.Join(' ', filed.Select(figure => figure!.Reference).Distinct(StringComparer.Ordinal)));
        }

        private (long Issued, long Returned) Difference(long allowances, AllocationCategory category, int firstOfEntity)
        {
            var unit = run.Pack(category.MethodPack).Method(category.Issue.Method, Year)?.Inputs[0].Unit.ToString() ?? "tCO2";
            var origin = _hashes.Count > firstOfEntity || _hashes.Count == 1
                ? new Origin("trace", _hashes[^1])
                : new Origin("traces", string.Join(' ', _hashes));
            var given = ImmutableSortedDictionary<string, ImmutableArray<GivenFigure>>.Empty.WithComparers(StringComparer.Ordinal)
                .Add(category.Issue.Final, [new GivenFigure(Measure.Of(allowances, unit), origin)])
                .Add(category.Issue.Before, [new GivenFigure(Measure.Of(entity.Before, unit), new Origin("plan", entity.BeforePlan?.ToString() ?? "none"))]);
            var difference = Ask(null, category, category.Issue.Method, ScopeOf(category, category.Issue.Method), given);
            return (Math.Max(0, difference), Math.Max(0, -difference));
        }

        /// <summary>The category's words, as far as a method asks for them.</summary>
        private ImmutableSortedDictionary<string, string> ScopeOf(AllocationCategory category, string method) =>
            run.Pack(category.MethodPack).Method(method, Year) is { Scope.Count: > 0 } asked
                ? category.Scope.Where(word => asked.Scope.ContainsKey(word.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal)
                : Words.Empty;

        private long Ask(
            Guid? installation, AllocationCategory category, string method, ImmutableSortedDictionary<string, string> scope,
            ImmutableSortedDictionary<string, ImmutableArray<GivenFigure>> given)
        {
            if (_obstacles.Count > 0)
                return 0;
            var calculated = Calculator.Compute(run.Pack(category.MethodPack), new CalculationRequest(method, Year, run.Input.AsOf, scope, given));
            if (calculated.Trace is not { } trace)
                Stop(installation, "not-computable", $"{method}: {string.Join("; ", calculated.Faults)}");
            else if (!decimal.IsInteger(trace.Result) || Math.Abs(trace.Result) > long.MaxValue)
                Stop(installation, "not-computable", $"{method} gives {trace.Measure}, which is no whole number of units");
            else
            {
                _traces.Add(trace);
                _hashes.Add(trace.Hash());
                return (long)trace.Result;
            }
            return 0;
        }

        private ImmutableArray<string> Hashes(int first) => [.. _hashes[first..]];

        private void Stop(Guid? installation, string code, string reason) => _obstacles.Add(new Obstacle(entity.ParticipantId, installation, code, reason));
    }

    private static class Words
    {
        public static readonly ImmutableSortedDictionary<string, string> Empty = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
    }
}
