from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opencdi.review.policy import Role


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> Person:
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody with an account. What they may do comes from their memberships alone."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("Email address"), unique=True)
    name = models.CharField(_("Full name"), max_length=200)
    force = models.CharField(_("Police force"), max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[Role]:
        """The roles in force now: granted, confirmed where that is needed, and not ended."""
        return frozenset(Role(each.role) for each in self.memberships.in_force())


class Memberships(models.QuerySet["Membership"]):
    def open(self) -> Memberships:
        """Granted and not ended, confirmed or not."""
        return self.filter(ended_at__isnull=True)

    def in_force(self) -> Memberships:
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)


class Membership(models.Model):
    """One role of one person. It counts once it is confirmed: for some roles by a second administrator."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = Memberships.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_membership_a_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class Interest(models.Model):
    """Something a person may not judge: a force, a unit of it, or one case."""

    class About(models.TextChoices):
        FORCE = "force", _("A police force")
        UNIT = "unit", _("A unit or station")
        CASE = "case", _("One case")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="interests")
    about = models.CharField(max_length=10, choices=About.choices)
    value = models.CharField(max_length=200)
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "about", "value"], name="one_interest_once")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.about} {self.value}"
