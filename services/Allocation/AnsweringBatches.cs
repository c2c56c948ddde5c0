using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation;

/// <summary>Batches of the regulator: a malformed one is refused whole, in a well-formed one each item is its own decision.</summary>
internal static class AnsweringBatches
{
    public static RouteHandlerBuilder MapBatch(
        this RouteGroupBuilder group, string path, string tag, string name, string summary, string description, Delegate handle) => group.MapPost(path, handle)
        .RequireAuthorization(Roles.Regulator)
        .WithTags(tag)
        .WithName(name)
        .WithSummary(summary)
        .WithDescription(description + " A repeat changes nothing. 400 invalid-input names every fault.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>Decides each command on its stream and answers in their order.</summary>
    /// <param name="idOf">The id by which the caller knows the item.</param>
    public static async Task<IResult> AnswerEach<TCommand, TState, TEvent>(
        this IDocumentSession session, IReadOnlyList<TCommand> commands, Func<TCommand, Guid> idOf, Func<TCommand, Guid> streamOf,
        Func<TState?, TCommand, Decision<TEvent>> decide, Func<TState?, TEvent, TState> evolve, CancellationToken cancellationToken)
        where TState : class
        where TEvent : notnull
    {
        var decisions = await session.DecideEach(commands, streamOf, decide, evolve, cancellationToken);
        return Results.Ok(new BatchAnswer<BatchResult>([.. commands.Zip(decisions, (command, decision) => BatchResult.Of(idOf(command), decision))]));
    }
}
