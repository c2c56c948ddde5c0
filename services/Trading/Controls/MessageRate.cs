using System.Globalization;
using System.Threading.RateLimiting;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Controls;

/// <summary>
/// How many messages a participant may send in one second (申报速率): each order, replacement or bid is one, whatever it comes
/// in. Kept before the journal, so that a program that has gone wild costs nothing but its own answers, and by each process
/// for itself, on system time. Cancels and kill switches are not counted; a mass cancel is, and passes all the same.
/// </summary>
/// <param name="second">What passes for a second.</param>
public sealed class MessageRate(TimeSpan second) : IDisposable
{
    private readonly PartitionedRateLimiter<Budget> _limiter = PartitionedRateLimiter.Create<Budget, Budget>(budget =>
        RateLimitPartition.GetTokenBucketLimiter(budget, of => new TokenBucketRateLimiterOptions
        {
            TokenLimit = of.MessagesPerSecond, TokensPerPeriod = of.MessagesPerSecond, ReplenishmentPeriod = second, AutoReplenishment = false,
        }));

    public MessageRate()
        : this(TimeSpan.FromSeconds(1))
    {
    }

    /// <summary>Why a request goes no further; null: it does, or the market has no such limit.</summary>
    internal TooMany? Refuse(PolicyPack pack, Guid participantId, int messages) =>
        pack.Trading.MessagesPerSecond is { } limit && Exceeded(pack.Market, participantId, limit, messages) is { } wait
            ? new TooMany(new("message-rate", $"A participant sends at most {limit} messages a second; this request has {messages}."), wait)
            : null;

    /// <summary>Null: they may pass. Else after how long they might; of more than a second's budget, after never.</summary>
    public TimeSpan? Exceeded(string market, Guid participantId, int messagesPerSecond, int messages)
    {
        if (messages > messagesPerSecond)
            return Timeout.InfiniteTimeSpan;
        using var lease = _limiter.AttemptAcquire(new Budget(market, participantId, messagesPerSecond), messages);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait
            : second;
    }

    public void Dispose() => _limiter.Dispose();

    /// <param name="RetryAfter">When it might pass; more than a second's budget never does.</param>
    internal sealed record TooMany(Refusal Refusal, TimeSpan RetryAfter);

    private readonly record struct Budget(string Market, Guid ParticipantId, int MessagesPerSecond);
}

internal static class MessageRateLimits
{
    /// <summary>Counts the request against the participant's budget: 429 message-rate beyond it.</summary>
    public static RouteHandlerBuilder WithinMessageRate(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(async (invocation, next) => Refusal(invocation) ?? await next(invocation))
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static IResult? Refusal(EndpointFilterInvocationContext invocation)
    {
        var context = invocation.HttpContext;
        var messages = invocation.Arguments.OfType<IBatch>().SingleOrDefault() is { } batch ? Math.Max(1, batch.Count) : 1;
        var rate = context.RequestServices.GetRequiredService<MessageRate>();
        if (rate.Refuse(context.Market(), context.User.ParticipantId(), messages) is not { } tooMany)
            return null;
        if (tooMany.RetryAfter != Timeout.InfiniteTimeSpan)
            context.Response.Headers.RetryAfter =
                Math.Max(1, (int)Math.Ceiling(tooMany.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problem.Of(StatusCodes.Status429TooManyRequests, tooMany.Refusal.Code, tooMany.Refusal.Reason);
    }
}
