using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CarbonMarket.Architecture.Violations;
using Mono.Cecil;

namespace CarbonMarket.Architecture.Rules;

/// <summary>
/// Events are stored for ever, under a name that no renaming in the code can move, and say whom they concern, so that the
/// audit log can tell each participant its history.
/// </summary>
public sealed partial class StoredEvents
{
    /// <summary>Decided upon, but stored by another decider under its own events, each with its reason.</summary>
    private static readonly ImmutableSortedDictionary<string, string> StoredByAnother = Listed(
        ("CarbonMarket.Settlement.Compliance.ComplianceEvent", "the ledger journals it under the events of Obligations"));

    private const string BeingLookedInto = "a participant reads the events that name it, and must not read that it is being looked into";

    /// <summary>Events that concern the market or the platform as a whole, or must not be told to whom they concern, each with its reason.</summary>
    private static readonly ImmutableSortedDictionary<string, string> ConcernNobody = Listed(
        ("CarbonMarket.Allocation.Clock.ClockSet", "legal time is everybody's"),
        ("CarbonMarket.Allocation.Plans.AllocationPlanEvent.PlanPublished", "made public; the plan's own events name those it concerns"),
        ("CarbonMarket.Allocation.Years.AllocationYearEvent.BalancePublished", "a value of a whole industry"),
        ("CarbonMarket.Allocation.Years.AllocationYearEvent.CapDrawn", "a total; the plan's own events name those it concerns"),
        ("CarbonMarket.Allocation.Years.AllocationYearEvent.YearCapped", "the total of the whole market"),
        ("CarbonMarket.Trading.CallAuctions.CallUncrossed", "the call's one price; each of its trades is an event of its own"),
        ("CarbonMarket.Trading.Surveillance.CaseEvent.AlertRaised", BeingLookedInto),
        ("CarbonMarket.Trading.Surveillance.CaseEvent.CaseClaimed", BeingLookedInto),
        ("CarbonMarket.Trading.Surveillance.CaseEvent.CaseClosed", BeingLookedInto),
        ("CarbonMarket.Trading.Surveillance.CaseEvent.CaseCommented", BeingLookedInto),
        ("CarbonMarket.Trading.Surveillance.CaseEvent.CaseReopened", BeingLookedInto),
        ("CarbonMarket.Trading.Surveillance.CaseEvent.EvidenceAdded", BeingLookedInto),
        ("CarbonMarket.Trading.TradingDays.TradingDayOpened", "a day of the whole market"),
        ("CarbonMarket.Trading.TradingDays.TradingDayClosed", "a day of the whole market; orders that lapse with it say so themselves"),
        ("CarbonMarket.Settlement.Banking.BankDiffered", "between the house and its bank; whose cash it is may be what nobody knows yet"),
        ("CarbonMarket.Settlement.Issuances.CapProposed", "the total of the whole market"),
        ("CarbonMarket.Settlement.Issuances.CapSet", "the total of the whole market"),
        ("CarbonMarket.Settlement.Deadlines.DeadlineNoticesGiven", "a count; each entity is told by an event of its own"),
        ("CarbonMarket.Settlement.Penalties.AveragePricePublished", "the price of the whole market"),
        ("CarbonMarket.Settlement.CarryOvers.CarryOverSnapshotTaken", "a count; each holding is noted by an event of its own"),
        ("CarbonMarket.Settlement.CarryOvers.CarryOverClosed", "a day of the whole market"),
        ("CarbonMarket.Settlement.Clearing.ClearingDue", "a day of the whole market; each trade is locked by an event of its own"),
        ("CarbonMarket.Settlement.Clearing.TradingDayCleared", "a day of the whole market; each trade is settled by an event of its own"),
        ("CarbonMarket.Settlement.Obligations.ComplianceCalendarStarted", "the calendar of the whole market"),
        ("CarbonMarket.Settlement.Obligations.ComplianceYearBegun", "the calendar of the whole market"),
        ("CarbonMarket.Settlement.Obligations.ComplianceYearClosed", "counts only; each entity is assessed by an event of its own"));

    [Fact]
    public void Every_event_has_an_explicit_name_in_the_store() => Unnamed(Code.ServiceTypes).ShouldBeEmpty();

    [Fact]
    public void Every_event_names_its_participants_or_has_a_reason_not_to() =>
        NamingNobody(Code.ServiceTypes).Except(ConcernNobody.Keys, StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void The_list_of_reasons_holds_no_event_that_needs_none() =>
        ConcernNobody.Keys.Except(NamingNobody(Code.ServiceTypes), StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void There_are_events_to_look_at() => Events(Code.ServiceTypes).Count().ShouldBeGreaterThan(20);

    [Fact]
    public void Every_name_says_what_happened_and_its_version_and_is_given_once() =>
        BadNames(Code.ServiceTypes).ShouldBeEmpty();

    [Fact]
    public void An_event_without_a_name_is_reported() =>
        Unnamed(Code.Violator(typeof(Parcel))).ShouldBe([$"{Prefix}.ParcelEvent.Lost"]);

    [Fact]
    public void A_name_without_a_version_and_a_name_given_twice_are_reported() =>
        BadNames(Code.Violator(typeof(Parcel))).ShouldBe(
        [
            $"{Prefix}.ParcelEvent.Found is called ParcelFound",
            $"parcel.sent.v1 is the name of {Prefix}.ParcelEvent.Returned, {Prefix}.ParcelEvent.Sent",
        ]);

    [Fact]
    public void An_event_that_names_nobody_is_reported_and_one_that_does_in_its_lines_is_not() =>
        NamingNobody(Code.Violator(typeof(Parcel))).ShouldBe([$"{Prefix}.ParcelEvent.Lost"]);

    private static string Prefix => typeof(Parcel).Namespace!;

    private static IEnumerable<string> Unnamed(IReadOnlyList<CodeType> types)
    {
        var named = Namings(types).Select(naming => naming.Type).ToHashSet(StringComparer.Ordinal);
        return Events(types).Select(CodeType.FullName).Where(name => !named.Contains(name));
    }

    private static IEnumerable<string> BadNames(IReadOnlyList<CodeType> types)
    {
        var events = Events(types).Select(CodeType.FullName).ToHashSet(StringComparer.Ordinal);
        var namings = Namings(types).Where(naming => events.Contains(naming.Type)).Distinct().OrderBy(naming => naming.Type, StringComparer.Ordinal).ToList();
        return namings.Where(naming => !Form().IsMatch(naming.Name))
            .Select(naming => $"{naming.Type} is called {naming.Name}")
            .Concat(namings.GroupBy(naming => naming.Name, StringComparer.Ordinal)
                .Where(same => same.Count() > 1)
                .Select(same => $"{same.Key} is the name of {string.Join(", ", same.Select(naming => naming.Type))}"));
    }

    /// <summary>MapEventType&lt;Event&gt;("name"), or a pair (typeof(Event), "name") in a list that is mapped as a whole.</summary>
    private static IEnumerable<(string Type, string Name)> Namings(IReadOnlyList<CodeType> types) =>
        from method in types.SelectMany(type => type.Methods)
        where method.HasBody
        from instruction in method.Body.Instructions
        let naming = instruction switch
        {
            { Operand: GenericInstanceMethod { Name: "MapEventType" } call, Previous.Operand: string name } => (call.GenericArguments[0], name),
            { OpCode.Code: Mono.Cecil.Cil.Code.Ldtoken, Operand: TypeDefinition type, Next.Next.Operand: string name } => (type, name),
            _ => ((TypeReference Type, string Name)?)null,
        }
        where naming is not null
        select (CodeType.FullName(naming.Value.Type), naming.Value.Name);

    private static IEnumerable<string> NamingNobody(IReadOnlyList<CodeType> types) =>
        Events(types).Where(type => !NamesSomebody(type, depth: 0)).Select(CodeType.FullName);

    /// <summary>Every concrete kind of the events that some decider decides on.</summary>
    private static IEnumerable<TypeDefinition> Events(IReadOnlyList<CodeType> types)
    {
        var roots = types.SelectMany(type => type.Methods).Select(Decided).OfType<TypeDefinition>().Distinct().ToList();
        return roots.Where(root => !StoredByAnother.ContainsKey(CodeType.FullName(root))).SelectMany(root => root.Module.GetTypes().Where(type => !type.IsAbstract && Is(type, root)))
            .Distinct()
            .OrderBy(type => type.FullName, StringComparer.Ordinal);
    }

    private static TypeDefinition? Decided(MethodDefinition method) =>
        method.Name is "Decide"
            && method.ReturnType is GenericInstanceType { ElementType.FullName: "CarbonMarket.Kernel.Decision`1" } decision
            ? decision.GenericArguments[0] as TypeDefinition
            : null;

    private static bool Is(TypeDefinition type, TypeDefinition root)
    {
        for (TypeReference? current = type; current is TypeDefinition known; current = known.BaseType)
            if (known == root)
                return true;
        return false;
    }

    /// <summary>Has a property participantId or ...ParticipantId, itself or in what it holds, as the audit log looks for it.</summary>
    private static bool NamesSomebody(TypeDefinition type, int depth)
    {
        for (TypeReference? current = type; current is TypeDefinition known; current = known.BaseType)
            foreach (var property in known.Properties)
                if (property.Name.EndsWith("ParticipantId", StringComparison.Ordinal)
                    || (depth < 4 && Held(property.PropertyType).Any(held => NamesSomebody(held, depth + 1))))
                    return true;
        return false;
    }

    private static ImmutableSortedDictionary<string, string> Listed(params (string Event, string Reason)[] list) =>
        list.ToImmutableSortedDictionary(entry => entry.Event, entry => entry.Reason, StringComparer.Ordinal);

    [GeneratedRegex(@"^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)*\.v[1-9][0-9]*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    private static IEnumerable<TypeDefinition> Held(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Held),
        TypeSpecification wrapped => Held(wrapped.ElementType),
        TypeDefinition { IsEnum: false } ours => [ours],
        _ => [],
    };
}
