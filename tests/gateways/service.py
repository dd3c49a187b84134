"""The service as a Django REST Framework application: what API.md documents, with verdicts made up from the photos' hash.

gunicorn runs it. FOLDER holds `paid`, a line for each request whose whole body was judged (also the stored sessions), and
`fault`: {"refuse": STATUS} before the body is read, {"after": "hang up"} or {"after": SECONDS} once it was judged,
{"metadata": false}, {"foreign": "beside" or "instead"} for another program's session of the same vendor_data.
"""
import hashlib
import json
import os
import pathlib
import socket
import time
import uuid
from datetime import datetime, timezone

from django.conf import settings

settings.configure(
    SECRET_KEY="test", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], INSTALLED_APPS=["rest_framework"],
    USE_TZ=True, LOGGING_CONFIG=None, FILE_UPLOAD_MAX_MEMORY_SIZE=10 << 20,
    REST_FRAMEWORK={"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"], "UNAUTHENTICATED_USER": None,
                    "DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": []})

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import authentication, exceptions, permissions, serializers  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

FOLDER = pathlib.Path(os.environ["FOLDER"])


def fault(name):
    return json.loads((FOLDER / "fault").read_text() or "{}").get(name)


def sessions():
    return [json.loads(line) for line in (FOLDER / "paid").read_text().splitlines()]


class Key(authentication.BaseAuthentication):
    def authenticate(self, request):
        if request.headers.get("x-api-key") != os.environ["KEY"] or fault("refuse") == 401:
            raise exceptions.AuthenticationFailed()
        return None, "key"

    def authenticate_header(self, request):
        return "x-api-key"


class TooLarge(exceptions.APIException):
    status_code, default_detail = 413, "Request body exceeded the limit."


class Allowed(permissions.BasePermission):
    def has_permission(self, request, view):
        refusal = {403: exceptions.PermissionDenied(), 413: TooLarge(), 429: exceptions.Throttled(4)}.get(fault("refuse"))
        if refusal and request.method == "POST":
            raise refusal
        return True


class Guarded(APIView):
    authentication_classes, permission_classes = [Key], [Allowed]


class Pair(serializers.Serializer):
    user_image = serializers.FileField()
    ref_image = serializers.FileField()
    face_match_score_decline_threshold = serializers.FloatField(min_value=0, max_value=100, default=30)
    rotate_image = serializers.BooleanField(default=False)
    save_api_request = serializers.BooleanField(default=True)
    vendor_data = serializers.CharField(default=None)
    metadata = serializers.JSONField(default=None)

    def validate_metadata(self, value):
        if fault("metadata") is False and value is not None:
            raise serializers.ValidationError("This field is not supported.")
        return value


class FaceMatch(Guarded):
    def post(self, request):
        pair = Pair(data=request.data)
        pair.is_valid(raise_exception=True)
        pair = pair.validated_data
        hashes = [hashlib.sha256(pair[name].read()).hexdigest() for name in ("user_image", "ref_image")]
        score = int(hashlib.sha256("".join(hashes).encode()).hexdigest(), 16) % 10000 / 100
        verdict = {"status": "Approved" if score > pair["face_match_score_decline_threshold"] else "Declined", "score": score}
        session = {"session_id": str(uuid.uuid4()), "vendor_data": pair["vendor_data"], "metadata": pair["metadata"],
                   "created_at": datetime.now(timezone.utc).isoformat(), "hashes": hashes, **verdict}
        foreign = {**session, "session_id": str(uuid.uuid4()), "metadata": None, "hashes": [], "status": "Approved", "foreign": True}
        stored = {None: [session], "beside": [session, foreign], "instead": [foreign]}[fault("foreign")]
        with open(FOLDER / "paid", "a", encoding="utf-8") as file:
            file.write("".join(json.dumps(one) + "\n" for one in stored))
        if fault("after") == "hang up":
            request.META["gunicorn.socket"].shutdown(socket.SHUT_RDWR)
        elif fault("after"):
            time.sleep(fault("after"))
        photo = {"entities": [{"bbox": [40, 40, 100, 100], "confidence": 0.717, "age": 27.63, "gender": "male"}], "best_angle": 0}
        return Response({"request_id": session["session_id"], "face_match": {**verdict, "user_image": photo, "ref_image": photo,
                                                                             "warnings": []},
                         **{name: session[name] for name in ("vendor_data", "metadata", "created_at")}})


def shown(session):
    return {"session_kind": "api", "environment": "live",
            **{name: session[name] for name in ("session_id", "status", "vendor_data", "created_at")}}


def moment(text):
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)


class Sessions(Guarded):
    def get(self, request):
        asked = {"limit": "50", "offset": "0", **request.query_params.dict()}
        found = [{**shown(session), "features": [{"feature": "FACE_MATCH", "status": session["status"]}]}
                 for session in reversed(sessions())
                 if asked.get("vendor_data") in (None, session["vendor_data"])
                 and moment(asked.get("date_from", session["created_at"])) <= moment(session["created_at"])
                 and moment(session["created_at"]) <= moment(asked.get("date_to", session["created_at"]))]
        first = int(asked["offset"])
        return Response({"count": len(found), "next": None, "previous": None, "results": found[first:first + int(asked["limit"])]})


class Decision(Guarded):
    def get(self, request, session_id):
        for session in sessions():
            if session["session_id"] == str(session_id):
                return Response({**shown(session), "metadata": session["metadata"], "face_matches": [
                    {"node_id": "face", "status": session["status"], "score": session["score"], "warnings": []}]})
        raise exceptions.NotFound()


class Balance(Guarded):
    def get(self, request):
        return Response({"balance": "12.5000", "auto_refill_enabled": False})


urlpatterns = [path("v3/face-match/", FaceMatch.as_view()), path("v3/sessions/", Sessions.as_view()),
               path("v3/session/<uuid:session_id>/decision/", Decision.as_view()), path("v3/billing/balance/", Balance.as_view())]
application = get_wsgi_application()
