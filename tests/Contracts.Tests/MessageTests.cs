using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CarbonMarket.Contracts.Trading.V1;
using MassTransit.Serialization;

namespace CarbonMarket.Contracts;

/// <summary>
/// One stored sample per message, as it stands in a queue. A sample must be read and written again unchanged by the
/// serializer the bus uses: messages outlive the release that wrote them.
/// </summary>
public sealed class MessageTests
{
    private static readonly JsonSerializerOptions Bus = SystemTextJsonMessageSerializer.Options;

    private static readonly ImmutableSortedDictionary<string, Type> Types = typeof(TradesExecuted).Assembly.GetExportedTypes()
        .Where(type => type is { IsNested: false, IsAbstract: false } && type.Namespace!.Contains(".V", StringComparison.Ordinal)
            && !type.Namespace.EndsWith(".Grpc", StringComparison.Ordinal))
        .ToImmutableSortedDictionary(type => type.FullName!["CarbonMarket.Contracts.".Length..], type => type, StringComparer.Ordinal);

    public static TheoryData<string> Messages() => [.. Types.Keys];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_stored_sample_is_read_and_written_again_unchanged(string message)
    {
        var sample = Sample(message);
        var read = JsonSerializer.Deserialize(sample, Types[message], Bus);
        var written = JsonSerializer.SerializeToNode(read, Types[message], Bus);
        JsonNode.DeepEquals(written, JsonNode.Parse(sample)).ShouldBeTrue($"Approved:\n{sample}\nWritten:\n{written}");
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_sample_shows_every_property_with_a_value_that_tells_it_apart(string message) =>
        Unshown(Types[message], JsonNode.Parse(Sample(message))!, message).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_reader_ignores_what_a_newer_writer_added(string message)
    {
        var newer = JsonNode.Parse(Sample(message))!.AsObject();
        newer["addedLater"] = 1;
        Should.NotThrow(() => newer.Deserialize(Types[message], Bus));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_without_its_optional_properties_is_read(string message)
    {
        var older = JsonNode.Parse(Sample(message))!.AsObject();
        foreach (var optional in Types[message].GetProperties().Where(property => !IsRequired(property)))
            older.Remove(JsonNamingPolicy.CamelCase.ConvertName(optional.Name)).ShouldBeTrue(optional.Name);
        Should.NotThrow(() => older.Deserialize(Types[message], Bus));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_a_sealed_record_of_primitives(string message) =>
        Faults(Types[message]).ShouldBeEmpty();

    [Fact]
    public void A_message_that_leans_on_other_types_is_reported()
    {
        Faults(typeof(LeansOnAnEnum)).ShouldHaveSingleItem().ShouldContain(nameof(LeansOnAnEnum.Day));
        Faults(typeof(NotSealed)).ShouldHaveSingleItem().ShouldContain("sealed");
        Faults(typeof(Derived)).ShouldHaveSingleItem().ShouldContain("sealed");
    }

    private static string Sample(string message)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Approved", "messages", message + ".json");
        File.Exists(path).ShouldBeTrue(
            $"{message} has no stored sample. Write one, as the bus would send it, to tests/Contracts.Tests/Approved/messages/{message}.json.");
        return File.ReadAllText(path);
    }

    private static IEnumerable<string> Unshown(Type type, JsonNode sample, string path)
    {
        foreach (var property in type.GetProperties())
        {
            var here = $"{path}.{property.Name}";
            var value = sample[JsonNamingPolicy.CamelCase.ConvertName(property.Name)];
            var line = Line(property.PropertyType);
            if (value is null || value.ToJsonString() is "0" or "\"\"" or "[]")
                yield return here;
            else if (line is not null)
                foreach (var unshown in Unshown(line, value.AsArray()[0]!, here))
                    yield return unshown;
        }
    }

    private static IEnumerable<string> Faults(Type type)
    {
        if (!type.IsSealed || type.BaseType != typeof(object))
            yield return $"{type.Name} is not a sealed record of its own";
        foreach (var property in type.GetProperties())
        {
            var held = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (held.IsPrimitive || held == typeof(string) || held == typeof(Guid) || held == typeof(DateTimeOffset))
                continue;
            if (Line(held) is not { } line)
                yield return $"{type.Name}.{property.Name} is a {held.Name}";
            else
                foreach (var fault in Faults(line))
                    yield return fault;
        }
    }

    /// <summary>The type of an envelope's lines, if the property is a list of a type nested in its message.</summary>
    private static Type? Line(Type property) =>
        property.IsGenericType && property.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            && property.GetGenericArguments()[0] is { IsNested: true } line
            ? line
            : null;

    private static bool IsRequired(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute));

    private sealed record LeansOnAnEnum(DayOfWeek Day);

    private record NotSealed(long Quantity);

    private sealed record Derived(long Quantity) : NotSealed(Quantity);
}
