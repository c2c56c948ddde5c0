using CarbonMarket.Architecture.Violations;

namespace CarbonMarket.Architecture.Rules;

/// <summary>
/// MassTransit is known in three places, so that it can be replaced (ADR 0005): the bootstrap, what a service promises
/// (Publishing) and what it takes in (When...). Program.cs names the consumers to the bootstrap.
/// </summary>
public sealed class BusTypes
{
    [Fact]
    public void The_bus_is_known_only_where_messages_come_in_and_go_out() => Violations(Code.ShippedTypes).ShouldBeEmpty();

    [Fact]
    public void The_bus_is_seen_where_it_is_known() =>
        Code.ShippedTypes.Where(UsesBus).ShouldContain(type => type.Name.StartsWith("When", StringComparison.Ordinal));

    [Fact]
    public void A_type_that_publishes_on_its_own_is_reported() =>
        Violations(Code.Violator(typeof(EndpointThatPublishes))).ShouldHaveSingleItem().ShouldContain(nameof(EndpointThatPublishes));

    private static IEnumerable<string> Violations(IEnumerable<CodeType> types) =>
        from type in types
        where !string.Equals(type.Assembly, "CarbonMarket.ServiceDefaults", StringComparison.Ordinal)
            && type.Name is not ("Publishing" or "Program")
            && !type.Name.StartsWith("When", StringComparison.Ordinal)
            && UsesBus(type)
        select $"{type.FullNameText} uses {string.Join(", ", type.Uses.Where(IsBus).Order(StringComparer.Ordinal))}";

    private static bool UsesBus(CodeType type) => type.Uses.Any(IsBus);

    private static bool IsBus(string use) => use.StartsWith("MassTransit.", StringComparison.Ordinal);
}
