using CarbonMarket.Architecture.Violations;
using Mono.Cecil;

namespace CarbonMarket.Architecture.Rules;

/// <summary>
/// What decides and what folds events knows nothing of the web, the database, the bus, clocks or chance: neither their
/// types, nor members of harmless types that answer otherwise each time, also where it has others ask them.
/// </summary>
public sealed class Deciders
{
    private static readonly string[] ForbiddenTypes =
    [
        "Microsoft.AspNetCore.", "Microsoft.Extensions.", "Marten.", "JasperFx.", "MassTransit.", "RabbitMQ.", "Npgsql.",
        "Grpc.", "System.Net.", "System.TimeProvider", "System.Random", "System.Diagnostics.Stopwatch",
        "System.Security.Cryptography.RandomNumberGenerator",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.Environment.get_TickCount", "System.Environment.get_ProcessId",
        "System.Environment.get_MachineName", "System.Environment.GetEnvironmentVariable", "System.IO.File.", "System.IO.Directory.",
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.TimeZoneInfo.get_Local", "System.Console.",
    ];

    [Fact]
    public void Deciders_are_pure() => Violations(Code.ServiceTypes).ShouldBeEmpty();

    [Fact]
    public void There_are_deciders_to_look_at() => Code.ServiceTypes.Count(Decides).ShouldBeGreaterThan(5);

    [Theory]
    [InlineData(typeof(DeciderThatAsksTheDatabase), "Npgsql.NpgsqlDataSource")]
    [InlineData(typeof(DeciderThatReadsTheClock), "System.TimeProvider")]
    [InlineData(typeof(FoldThatRollsDice), "System.Random")]
    [InlineData(typeof(DeciderThatTimesItself), "System.Diagnostics.Stopwatch")]
    [InlineData(typeof(DeciderThatMakesIds), "System.Guid.CreateVersion7")]
    [InlineData(typeof(FoldThatReadsTheTicks), "System.Environment.get_TickCount64")]
    [InlineData(typeof(DeciderThatHasItsIdsMade), "System.Guid.CreateVersion7")]
    [InlineData(typeof(DeciderWithAnEndpointInside), "Microsoft.AspNetCore.Http.IResult")]
    public void An_impure_decider_is_reported(Type violator, string use) =>
        Violations(Code.Violator(violator)).ShouldHaveSingleItem().ShouldContain(use);

    private static IEnumerable<string> Violations(IEnumerable<CodeType> types) =>
        from type in types
        where Decides(type) && !IsAdapter(type)
        let calls = Calls.From(type.Methods)
        let impure = type.Uses.Where(use => IsAmong(ForbiddenTypes, use))
            .Concat(calls.Where(call => IsAmong(ForbiddenMembers, call) || IsAmong(ForbiddenTypes, call)))
            .Order(StringComparer.Ordinal).ToList()
        where impure.Count > 0
        select $"{type.FullNameText} uses {string.Join(", ", impure)}";

    private static bool IsAmong(string[] prefixes, string name) =>
        prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Has a Decide that gives a decision, or an Evolve or an After of its own kind and is not one of Marten's projections.</summary>
    private static bool Decides(CodeType type) => CodeType.Parts(type.Definition).Any(part => part.Methods.Any(method =>
        method.Name is "Decide" && CodeType.FullName(method.ReturnType).StartsWith("CarbonMarket.Kernel.Decision`1", StringComparison.Ordinal)
        || (method.Name is "Evolve" || (method.Name is "After" && method.ReturnType == part)) && !IsProjection(part)));

    /// <summary>HoldingStream, ParticipantStreams: Marten's view of what a decider decides, by the name such a view has here.</summary>
    private static bool IsAdapter(CodeType type) =>
        type.Name.EndsWith("Stream", StringComparison.Ordinal) || type.Name.EndsWith("Streams", StringComparison.Ordinal);

    private static bool IsProjection(TypeDefinition type) =>
        type.BaseType is { } parent
        && (parent.FullName.StartsWith("Marten.", StringComparison.Ordinal) || parent.FullName.StartsWith("JasperFx.", StringComparison.Ordinal));
}
