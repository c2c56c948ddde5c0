using System.ComponentModel;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CarbonMarket.ServiceDefaults.Bus;

public static class ErrorQueueEndpoints
{
    private const int Most = 100;
    private const string QueueMeaning = "A queue of this service, as the list of error queues names it.";

    /// <summary>How an operator finds, reads and replays what a consumer could not take.</summary>
    internal static void MapErrorQueues(this RouteGroupBuilder platform, ServiceName service)
    {
        var errors = platform.MapGroup("/errors").RequireAuthorization(Roles.Operator);
        errors.MapGet("/", List).WithName($"{service.Value}-errors")
            .WithSummary($"Error queues of {service.Value} and how many messages wait in each");
        errors.MapGet("/{queue}", Read).WithName($"{service.Value}-errors-read")
            .WithSummary($"The oldest messages of an error queue of {service.Value}, with their reasons")
            .WithDescription("limit: 1-100. The messages keep their place.");
        errors.MapPost("/{queue}/replay", Replay).WithName($"{service.Value}-errors-replay")
            .WithSummary($"Have the oldest messages of an error queue of {service.Value} tried again")
            .WithDescription("limit: 1-100. Consumers are idempotent, so a replay of what did arrive changes nothing.");
    }

    private static async Task<IResult> List(ErrorQueues errors, CancellationToken cancellationToken) =>
        Results.Ok(new ErrorQueueList(await errors.List(cancellationToken)));

    private static async Task<IResult> Read(
        [Description(QueueMeaning)] string queue, ErrorQueues errors, CancellationToken cancellationToken,
        [Description("How many, the oldest first: 1-100; 20 unless said.")] int limit = 20) =>
        Refusal(queue, limit, errors) ?? Results.Ok(new ErrorMessageList(await errors.Read(queue, limit, cancellationToken)));

    private static async Task<IResult> Replay(
        [Description(QueueMeaning)] string queue, ErrorQueues errors, CancellationToken cancellationToken,
        [Description("How many, the oldest first: 1-100, which is what it is unless said.")] int limit = Most) =>
        Refusal(queue, limit, errors) ?? Results.Ok(new ReplayReport(queue, await errors.Replay(queue, limit, cancellationToken)));

    private static IResult? Refusal(string queue, int limit, ErrorQueues errors)
    {
        if (!errors.Knows(queue))
            return Problem.NotFound("unknown-queue", $"This service has no queue '{queue}'.");
        return limit is < 1 or > Most
            ? Problem.Of(StatusCodes.Status400BadRequest, "invalid-limit", $"limit is 1-{Most}, not {limit}.")
            : null;
    }
}

public sealed record ErrorQueueList(IReadOnlyList<WaitingErrors> Items);

public sealed record ErrorMessageList(IReadOnlyList<ErrorMessage> Items);

/// <param name="Replayed">How many messages were sent to their queue again.</param>
public sealed record ReplayReport(string Queue, int Replayed);
